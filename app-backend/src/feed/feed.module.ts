import { Module } from '@nestjs/common';
import { LikesModule } from '../likes/likes.module';
import { PostsModule } from '../posts/posts.module';
import { UsersModule } from '../users/users.module';
import { FeedController } from './feed.controller';
import { FeedService } from './feed.service';
import { RankingService } from './ranking.service';

@Module({
  imports: [LikesModule, PostsModule, UsersModule],
  controllers: [FeedController],
  providers: [FeedService, RankingService],
})
export class FeedModule {}
