import { Component, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Brand } from '../ui/brand';
import { LoadProblem } from '../ui/load-problem';
import { Skeleton } from '../ui/skeleton';
import { PostCard } from './post-card';
import { PostsApi } from './posts-api';

/** A post for somebody who was sent its link. They need not be on Murmur. */
@Component({
  selector: 'app-shared-page',
  imports: [Brand, LoadProblem, PostCard, RouterLink, Skeleton],
  template: `
    <main class="column">
      <app-brand />
      <h1 class="page-title">Somebody shared this with you</h1>
      @if (post.hasValue()) {
        <app-post-card [post]="post.value()" [actions]="false" />
      } @else if (post.error()) {
        <app-load-problem [error]="post.error()" (again)="post.reload()" />
      } @else {
        <app-skeleton />
      }
      <p><a routerLink="/">Go to Murmur</a></p>
    </main>
  `,
  styles: `
    main {
      padding-block: clamp(1.5rem, 6vh, 4rem);
    }

    h1 {
      margin-block: 1.25rem 0.25rem;
    }
  `,
})
export class SharedPage {
  /** From the route. */
  readonly id = input.required<string>();
  /** From the link's query. */
  readonly token = input<string>();

  protected readonly post = inject(PostsApi).getShared(this.id, this.token);
}
