import { Controller, Param, Post, UseGuards } from '@nestjs/common';
import { PostIdPipe } from '../posts/post-id.pipe';
import { CurrentUserId } from '../sessions/current-user-id.decorator';
import { SessionGuard } from '../sessions/session.guard';
import { LikedPost, LikesService } from './likes.service';

@Controller('posts/:id/likes')
@UseGuards(SessionGuard)
export class LikesController {
  constructor(private readonly likes: LikesService) {}

  @Post()
  create(@Param('id', PostIdPipe) postId: string, @CurrentUserId() userId: string): Promise<LikedPost> {
    return this.likes.like(postId, userId);
  }
}
