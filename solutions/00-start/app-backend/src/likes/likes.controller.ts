import { Controller, NotFoundException, Param, Post, UseGuards } from '@nestjs/common';
import { PostIdPipe } from '../posts/post-id.pipe';
import { PostsRepository } from '../posts/posts.repository';
import { CurrentUserId } from '../sessions/current-user-id.decorator';
import { SessionGuard } from '../sessions/session.guard';
import { LikesRepository } from './likes.repository';

@Controller('posts/:id/likes')
@UseGuards(SessionGuard)
export class LikesController {
  constructor(
    private readonly posts: PostsRepository,
    private readonly likes: LikesRepository,
  ) {}

  @Post()
  async create(
    @Param('id', PostIdPipe) postId: string,
    @CurrentUserId() userId: string,
  ): Promise<{ postId: string; likeCount: number; likedByMe: true }> {
    if (!(await this.posts.exists(postId))) {
      throw new NotFoundException(`There is no post ${postId}.`);
    }
    await this.likes.add(postId, userId);
    return { postId, likeCount: await this.likes.countFor(postId), likedByMe: true };
  }
}
