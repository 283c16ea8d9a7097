import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import { map, type Observable } from 'rxjs';
import { OwnPosts } from '../posts/own-posts';
import type { Post } from '../posts/post';

@Service()
export class FeedApi {
  private readonly http = inject(HttpClient);
  private readonly own = inject(OwnPosts);

  /**
   * The feed of the person signed in, in the API's own order: what matters most to them first. What they published in
   * this visit stands above it.
   */
  readonly posts$: Observable<Post[]> = this.http
    .get<{ posts: Post[] }>('/feed')
    .pipe(map(({ posts }) => this.own.above(posts)));
}
