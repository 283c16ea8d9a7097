import { Injectable } from '@nestjs/common';
import { PostView } from '../posts/post';
import { PostsService } from '../posts/posts.service';
import { requestSpan } from '../request-span';
import { UsersRepository } from '../users/users.repository';
import { RankingService } from './ranking.service';

const FEED_LENGTH = 50;

@Injectable()
export class FeedService {
  constructor(
    private readonly users: UsersRepository,
    private readonly ranking: RankingService,
    private readonly posts: PostsService,
  ) {}

  /** The best posts of the people whom the user follows, best first. */
  async feedOf(userId: string): Promise<PostView[]> {
    const followedIds = await this.users.findFollowedIds(userId);
    requestSpan()?.setAttribute('murmur.feed.following_count', followedIds.length);
    const ranked = await this.ranking.rank(followedIds, FEED_LENGTH);
    return this.posts.asSeenBy(ranked, userId);
  }
}
