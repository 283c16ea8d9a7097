import { randomBytes } from 'node:crypto';
import { Injectable, NotFoundException } from '@nestjs/common';
import { AppConfig } from '../config/app-config';
import { PostView } from '../posts/post';
import { PostsService } from '../posts/posts.service';
import { SharesRepository } from './shares.repository';

export interface Share {
  /** the address on Murmur's page to pass on */
  url: string;
  token: string;
}

@Injectable()
export class SharesService {
  constructor(
    private readonly config: AppConfig,
    private readonly posts: PostsService,
    private readonly shares: SharesRepository,
  ) {}

  /** Makes a link with which anybody can read the post, signed in or not. */
  async share(postId: string, userId: string): Promise<Share> {
    const post = await this.posts.find(postId, userId);
    const token = randomBytes(24).toString('base64url');
    await this.shares.add(post.id, userId, token);
    const url = new URL(`/shared/${post.id}`, this.config.pageOrigin);
    url.searchParams.set('token', token);
    return { url: url.href, token };
  }

  async open(postId: string, token: string): Promise<PostView> {
    if (!(await this.shares.opens(postId, token))) {
      throw new NotFoundException('This link does not open a post.');
    }
    return this.posts.find(postId, undefined);
  }
}
