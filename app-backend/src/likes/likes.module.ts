import { Module } from '@nestjs/common';
import { PostsModule } from '../posts/posts.module';
import { LikesController } from './likes.controller';
import { LikesRepository } from './likes.repository';
import { LikesService } from './likes.service';

@Module({
  imports: [PostsModule],
  controllers: [LikesController],
  providers: [LikesRepository, LikesService],
})
export class LikesModule {}
