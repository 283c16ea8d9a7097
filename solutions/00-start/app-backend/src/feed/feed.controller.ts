import { Controller, Get, UseGuards } from '@nestjs/common';
import { PostView } from '../posts/post';
import { CurrentUserId } from '../sessions/current-user-id.decorator';
import { SessionGuard } from '../sessions/session.guard';
import { FeedService } from './feed.service';

@Controller('feed')
@UseGuards(SessionGuard)
export class FeedController {
  constructor(private readonly feed: FeedService) {}

  @Get()
  async list(@CurrentUserId() userId: string): Promise<{ posts: PostView[] }> {
    return { posts: await this.feed.feedOf(userId) };
  }
}
