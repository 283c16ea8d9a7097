import { Injectable, NotFoundException } from '@nestjs/common';
import { Post, PostView } from './post';
import { PostsRepository } from './posts.repository';

@Injectable()
export class PostsService {
  constructor(private readonly posts: PostsRepository) {}

  /** @throws NotFoundException when there is no such post */
  async find(id: string, readerId: string | undefined): Promise<PostView> {
    const post = await this.posts.findById(id);
    if (!post) {
      throw new NotFoundException(`There is no post ${id}.`);
    }
    const [view] = await this.asSeenBy([post], readerId);
    return view;
  }

  async publish(authorId: string, text: string): Promise<PostView> {
    const post = await this.posts.publish(authorId, text);
    return { ...post, likedByMe: false };
  }

  /** The same posts in the same order, each with whether the reader likes it. A visitor likes none. */
  async asSeenBy(posts: Post[], readerId: string | undefined): Promise<PostView[]> {
    const ids = posts.map((post) => post.id);
    const liked = readerId ? await this.posts.findLikedIds(readerId, ids) : new Set<string>();
    return posts.map((post) => ({ ...post, likedByMe: liked.has(post.id) }));
  }
}
