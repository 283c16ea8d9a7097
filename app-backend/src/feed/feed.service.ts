import { Injectable } from '@nestjs/common';
import { LikesService } from '../likes/likes.service';
import { PostView } from '../posts/post';
import { UsersRepository } from '../users/users.repository';
import { RankingService } from './ranking.service';

const FEED_LENGTH = 50;

@Injectable()
export class FeedService {
  constructor(
    private readonly users: UsersRepository,
    private readonly ranking: RankingService,
    private readonly likes: LikesService,
  ) {}

  /** The best posts of the people whom the user follows, best first. */
  async feedOf(userId: string): Promise<PostView[]> {
    const followedIds = await this.users.findFollowedIds(userId);
    const posts = await this.ranking.rank(followedIds, FEED_LENGTH);
    return this.likes.view(posts, userId);
  }
}
