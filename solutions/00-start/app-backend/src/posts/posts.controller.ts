import { Body, Controller, Get, Param, Post, UseGuards } from '@nestjs/common';
import { CurrentUserId } from '../sessions/current-user-id.decorator';
import { OptionalSessionGuard } from '../sessions/optional-session.guard';
import { SessionGuard } from '../sessions/session.guard';
import { PostView } from './post';
import { PostIdPipe } from './post-id.pipe';
import { PostsService } from './posts.service';
import { PublishPostDto } from './publish-post.dto';

@Controller('posts')
export class PostsController {
  constructor(private readonly posts: PostsService) {}

  @Get(':id')
  @UseGuards(OptionalSessionGuard)
  find(@Param('id', PostIdPipe) id: string, @CurrentUserId() userId: string | undefined): Promise<PostView> {
    return this.posts.find(id, userId);
  }

  @Post()
  @UseGuards(SessionGuard)
  publish(@Body() body: PublishPostDto, @CurrentUserId() userId: string): Promise<PostView> {
    return this.posts.publish(userId, body.text);
  }
}
