import { Module } from '@nestjs/common';
import { OutboxModule } from '../outbox/outbox.module';
import { PostsRepository } from './posts.repository';

@Module({
  imports: [OutboxModule],
  providers: [PostsRepository],
  exports: [PostsRepository],
})
export class PostsModule {}
