import { Injectable, NotFoundException } from '@nestjs/common';
import { PostsRepository } from '../posts/posts.repository';
import { LikesRepository } from './likes.repository';

/** How a post stands after somebody liked it. */
export interface LikedPost {
  postId: string;
  likeCount: number;
  likedByMe: true;
}

@Injectable()
export class LikesService {
  constructor(
    private readonly posts: PostsRepository,
    private readonly likes: LikesRepository,
  ) {}

  /** @throws NotFoundException when there is no such post */
  async like(postId: string, userId: string): Promise<LikedPost> {
    if (!(await this.posts.exists(postId))) {
      throw new NotFoundException(`There is no post ${postId}.`);
    }
    await this.likes.add(postId, userId);
    return { postId, likeCount: await this.likes.countFor(postId), likedByMe: true };
  }
}
