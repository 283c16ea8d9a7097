import { Module } from '@nestjs/common';
import { PostsModule } from '../posts/posts.module';
import { LikesController } from './likes.controller';
import { LikesRepository } from './likes.repository';

@Module({
  imports: [PostsModule],
  controllers: [LikesController],
  providers: [LikesRepository],
})
export class LikesModule {}
