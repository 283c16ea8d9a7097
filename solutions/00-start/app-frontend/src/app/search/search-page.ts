import { Component, effect, inject, input } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { FormControl, FormGroup, ReactiveFormsModule } from '@angular/forms';
import { Router } from '@angular/router';
import { PostCard } from '../posts/post-card';
import { PostsApi } from '../posts/posts-api';
import { LoadProblem } from '../ui/load-problem';
import { Skeleton } from '../ui/skeleton';

/** Search in all posts. The words stand in the address, so that a search can be kept and sent. */
@Component({
  selector: 'app-search-page',
  imports: [LoadProblem, PostCard, ReactiveFormsModule, Skeleton],
  templateUrl: './search-page.html',
  styleUrl: './search-page.css',
})
export class SearchPage {
  private readonly postsApi = inject(PostsApi);
  private readonly router = inject(Router);

  /** From the address. */
  readonly q = input<string>();

  protected readonly form = new FormGroup({ words: new FormControl('', { nonNullable: true }) });
  protected readonly results = rxResource({
    params: () => this.q() || undefined,
    stream: ({ params: words }) => this.postsApi.search(words),
  });

  constructor() {
    effect(() => this.form.setValue({ words: this.q() ?? '' }));
  }

  protected search(): void {
    const q = this.form.getRawValue().words.trim();
    if (q && q === this.q()) {
      this.results.reload();
    } else {
      void this.router.navigate(['/search'], { queryParams: { q: q || null } });
    }
  }
}
