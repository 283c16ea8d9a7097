import { Module } from '@nestjs/common';
import { PostsModule } from '../posts/posts.module';
import { SharesController } from './shares.controller';
import { SharesRepository } from './shares.repository';
import { SharesService } from './shares.service';

@Module({
  imports: [PostsModule],
  controllers: [SharesController],
  providers: [SharesRepository, SharesService],
})
export class SharesModule {}
