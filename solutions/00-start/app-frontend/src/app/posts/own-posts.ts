import { inject, linkedSignal, Service } from '@angular/core';
import { Session } from '../session/session';
import type { Post } from './post';

/**
 * What the reader has published since the page was loaded. The API's feed holds other people's posts only, and who
 * has published wants to see it.
 */
@Service()
export class OwnPosts {
  private readonly session = inject(Session);
  /** newest first; empty again for the next who signs in */
  private readonly posts = linkedSignal<string | undefined, Post[]>({
    source: () => this.session.user()?.id,
    computation: () => [],
  });

  /** Somebody else's is left out: its author may have signed out before it was saved. */
  add(post: Post): void {
    if (post.author.id === this.session.user()?.id) {
      this.posts.update((posts) => [post, ...posts]);
    }
  }

  /** Counts the reader's like, if the post is one of these. */
  like(id: string): void {
    this.posts.update((posts) =>
      posts.map((post) =>
        post.id === id ? { ...post, likeCount: post.likeCount + 1, likedByMe: true } : post,
      ),
    );
  }

  /** The feed with these posts above it, none twice. */
  above(feed: Post[]): Post[] {
    const ids = new Set(this.posts().map(({ id }) => id));
    return [...this.posts(), ...feed.filter(({ id }) => !ids.has(id))];
  }
}
