import { Component, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LoadProblem } from '../ui/load-problem';
import { Skeleton } from '../ui/skeleton';
import { PostCard } from './post-card';
import { PostsApi } from './posts-api';

/** One post on a page of its own. */
@Component({
  selector: 'app-post-page',
  imports: [LoadProblem, PostCard, RouterLink, Skeleton],
  template: `
    <div class="column">
      <h1 class="page-title">A post</h1>
      @if (post.hasValue()) {
        <app-post-card [post]="post.value()" />
      } @else if (post.error()) {
        <app-load-problem [error]="post.error()" (again)="post.reload()" />
      } @else {
        <app-skeleton />
      }
      <p><a routerLink="/">Back to your feed</a></p>
    </div>
  `,
})
export class PostPage {
  /** From the route. */
  readonly id = input.required<string>();

  protected readonly post = inject(PostsApi).get(this.id);
}
