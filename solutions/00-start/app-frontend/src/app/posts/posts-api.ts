import { HttpClient, type HttpResourceRef, httpResource } from '@angular/common/http';
import { inject, Service, type Signal } from '@angular/core';
import { map, type Observable, tap } from 'rxjs';
import { OwnPosts } from './own-posts';
import type { Post } from './post';

/**
 * What is shown is a resource: it is asked for anew whenever its parameters change, and lives as long as the
 * component that calls for it in its constructor. What is done is an Observable, sent once for each subscription.
 */
@Service()
export class PostsApi {
  private readonly http = inject(HttpClient);
  private readonly own = inject(OwnPosts);

  get(id: Signal<string>): HttpResourceRef<Post | undefined> {
    return httpResource<Post>(() => `/posts/${encodeURIComponent(id())}`);
  }

  /** A post as somebody sees it who was given its link. No session is needed. */
  getShared(id: Signal<string>, token: Signal<string | undefined>): HttpResourceRef<Post | undefined> {
    return httpResource<Post>(() => ({
      url: `/shared/${encodeURIComponent(id())}`,
      params: { token: token() ?? '' },
    }));
  }

  /** Posts that hold the words, those of well-known authors first. Without words nothing is asked. */
  search(words: Signal<string | undefined>): HttpResourceRef<Post[] | undefined> {
    return httpResource<Post[]>(
      () => {
        const q = words();
        return q ? { url: '/search', params: { q } } : undefined;
      },
      { parse: (body) => (body as { posts: Post[] }).posts },
    );
  }

  /** Publishes a text of 1 to 280 characters. */
  publish(text: string): Observable<Post> {
    return this.http.post<Post>('/posts', { text }).pipe(tap((post) => this.own.add(post)));
  }

  like(id: string): Observable<void> {
    return this.http
      .post<void>(`/posts/${encodeURIComponent(id)}/likes`, {})
      .pipe(tap(() => this.own.like(id)));
  }

  /** Makes a token with which anybody can read the post. */
  share(id: string): Observable<string> {
    return this.http
      .post<{ token: string }>(`/posts/${encodeURIComponent(id)}/shares`, {})
      .pipe(map(({ token }) => token));
  }
}
