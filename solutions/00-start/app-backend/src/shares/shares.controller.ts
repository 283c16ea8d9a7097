import { Controller, Get, Param, Post, Query, UseGuards } from '@nestjs/common';
import { PostView } from '../posts/post';
import { PostIdPipe } from '../posts/post-id.pipe';
import { CurrentUserId } from '../sessions/current-user-id.decorator';
import { SessionGuard } from '../sessions/session.guard';
import { SharedPostDto } from './shared-post.dto';
import { Share, SharesService } from './shares.service';

@Controller()
export class SharesController {
  constructor(private readonly shares: SharesService) {}

  @Post('posts/:id/shares')
  @UseGuards(SessionGuard)
  create(@Param('id', PostIdPipe) postId: string, @CurrentUserId() userId: string): Promise<Share> {
    return this.shares.share(postId, userId);
  }

  @Get('shared/:id')
  open(@Param('id', PostIdPipe) postId: string, @Query() query: SharedPostDto): Promise<PostView> {
    return this.shares.open(postId, query.token);
  }
}
