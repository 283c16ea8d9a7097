import { Module } from '@nestjs/common';
import { PostsModule } from '../posts/posts.module';
import { UsersModule } from '../users/users.module';
import { FeedController } from './feed.controller';
import { FeedService } from './feed.service';
import { RankingService } from './ranking.service';

@Module({
  imports: [PostsModule, UsersModule],
  controllers: [FeedController],
  providers: [FeedService, RankingService],
})
export class FeedModule {}
