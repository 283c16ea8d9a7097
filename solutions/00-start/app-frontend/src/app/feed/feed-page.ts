import { Component, inject } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { LayoutVariant } from '../layout/layout-variant';
import { PostCard } from '../posts/post-card';
import { LoadProblem } from '../ui/load-problem';
import { Skeleton } from '../ui/skeleton';
import { Composer } from './composer';
import { FeedApi } from './feed-api';
import { FeedHeadline } from './feed-headline';
import { PeoplePanel } from './people-panel';

/** The first page: what the people whom the reader follows have written. */
@Component({
  selector: 'app-feed-page',
  imports: [Composer, FeedHeadline, LoadProblem, PeoplePanel, PostCard, Skeleton],
  templateUrl: './feed-page.html',
  styleUrl: './feed-page.css',
})
export class FeedPage {
  private readonly feedApi = inject(FeedApi);

  protected readonly variant = inject(LayoutVariant).name;
  protected readonly feed = rxResource({ stream: () => this.feedApi.posts$ });
}
