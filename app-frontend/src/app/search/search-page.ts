import { Component, inject, input, linkedSignal } from '@angular/core';
import { Router } from '@angular/router';
import { PostCard } from '../posts/post-card';
import { PostsApi } from '../posts/posts-api';
import { LoadProblem } from '../ui/load-problem';
import { Skeleton } from '../ui/skeleton';

/** Search in all posts. The words stand in the address, so that a search can be kept and sent. */
@Component({
  selector: 'app-search-page',
  imports: [LoadProblem, PostCard, Skeleton],
  templateUrl: './search-page.html',
  styleUrl: './search-page.css',
})
export class SearchPage {
  private readonly router = inject(Router);

  /** From the address. */
  readonly q = input<string>();

  /** What stands in the field: the address's words, until others are typed. */
  protected readonly words = linkedSignal(() => this.q() ?? '');
  protected readonly results = inject(PostsApi).search(this.q);

  protected search(submission: Event): void {
    submission.preventDefault();
    const q = this.words().trim();
    if (q && q === this.q()) {
      this.results.reload();
    } else {
      void this.router.navigate(['/search'], { queryParams: { q: q || null } });
    }
  }
}
