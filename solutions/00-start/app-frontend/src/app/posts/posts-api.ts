import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import { map, type Observable } from 'rxjs';
import type { Post } from './post';

@Service()
export class PostsApi {
  private readonly http = inject(HttpClient);

  get(id: string): Observable<Post> {
    return this.http.get<Post>(`/posts/${encodeURIComponent(id)}`);
  }

  /** A post as somebody sees it who was given its link. No session is needed. */
  getShared(id: string, token: string): Observable<Post> {
    return this.http.get<Post>(`/shared/${encodeURIComponent(id)}`, { params: { token } });
  }

  /** Publishes a text of 1 to 280 characters. */
  publish(text: string): Observable<Post> {
    return this.http.post<Post>('/posts', { text });
  }

  like(id: string): Observable<void> {
    return this.http.post<void>(`/posts/${encodeURIComponent(id)}/likes`, {});
  }

  /** Makes a token with which anybody can read the post. */
  share(id: string): Observable<string> {
    return this.http
      .post<{ token: string }>(`/posts/${encodeURIComponent(id)}/shares`, {})
      .pipe(map(({ token }) => token));
  }

  /** Posts that hold the words, the newest first. */
  search(words: string): Observable<Post[]> {
    return this.http
      .get<{ posts: Post[] }>('/search', { params: { q: words } })
      .pipe(map(({ posts }) => posts));
  }
}
