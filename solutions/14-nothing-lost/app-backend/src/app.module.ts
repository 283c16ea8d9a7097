import { Module } from '@nestjs/common';
import { ConfigModule } from './config/config.module';
import { DatabaseModule } from './database/database.module';
import { FeedModule } from './feed/feed.module';
import { HealthModule } from './health/health.module';
import { LikesModule } from './likes/likes.module';
import { NotificationsHttpModule } from './notifications/notifications-http.module';
import { PostsModule } from './posts/posts.module';
import { SearchModule } from './search/search.module';
import { SessionsModule } from './sessions/sessions.module';
import { SharesModule } from './shares/shares.module';
import { TracingShutdown } from './tracing-shutdown';
import { UsersModule } from './users/users.module';

@Module({
  imports: [
    ConfigModule,
    DatabaseModule,
    HealthModule,
    UsersModule,
    SessionsModule,
    FeedModule,
    PostsModule,
    LikesModule,
    SearchModule,
    SharesModule,
    NotificationsHttpModule,
  ],
  providers: [TracingShutdown],
})
export class AppModule {}
