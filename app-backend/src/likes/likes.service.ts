import { Injectable } from '@nestjs/common';
import { Post, PostView } from '../posts/post';
import { LikesRepository } from './likes.repository';

@Injectable()
export class LikesService {
  constructor(private readonly likes: LikesRepository) {}

  /** The same posts, each with whether the user likes it. A visitor likes none. */
  async view(posts: Post[], userId: string | undefined): Promise<PostView[]> {
    const liked =
      userId && posts.length > 0
        ? await this.likes.findLikedBy(
            userId,
            posts.map((post) => post.id),
          )
        : new Set<string>();
    return posts.map((post) => ({ ...post, likedByMe: liked.has(post.id) }));
  }

  /** @returns how many people like the post now */
  async like(postId: string, userId: string): Promise<number> {
    await this.likes.add(postId, userId);
    return this.likes.countFor(postId);
  }
}
