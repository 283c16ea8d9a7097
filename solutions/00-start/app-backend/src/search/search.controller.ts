import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { PostView } from '../posts/post';
import { PostsService } from '../posts/posts.service';
import { CurrentUserId } from '../sessions/current-user-id.decorator';
import { OptionalSessionGuard } from '../sessions/optional-session.guard';
import { SearchDto } from './search.dto';
import { SearchRepository } from './search.repository';

const RESULTS = 50;

@Controller('search')
@UseGuards(OptionalSessionGuard)
export class SearchController {
  constructor(
    private readonly search: SearchRepository,
    private readonly posts: PostsService,
  ) {}

  @Get()
  async find(
    @Query() query: SearchDto,
    @CurrentUserId() userId: string | undefined,
  ): Promise<{ posts: PostView[] }> {
    const found = await this.search.findByWords(query.q, RESULTS);
    return { posts: await this.posts.asSeenBy(found, userId) };
  }
}
