import { Component, computed, inject } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import type { Post } from '../posts/post';
import { Session } from '../session/session';
import { FeedApi } from './feed-api';

/** Greets the reader and says in one line what waits for them. */
@Component({
  selector: 'app-feed-headline',
  template: `
    <h1>{{ greeting }}, {{ firstName() }}</h1>
    <p>{{ summary() }}</p>
  `,
  styles: `
    p {
      min-block-size: 1.6em;
      color: var(--ink-soft);
    }
  `,
})
export class FeedHeadline {
  private readonly session = inject(Session);
  private readonly feedApi = inject(FeedApi);
  private readonly posts = rxResource({ stream: () => this.feedApi.posts$ });

  protected readonly greeting = greetingAt(new Date().getHours());
  protected readonly firstName = computed(() => this.session.user()?.name.split(' ')[0]);
  protected readonly summary = computed(() => (this.posts.hasValue() ? summaryOf(this.posts.value()) : ''));
}

function greetingAt(hour: number): string {
  if (hour < 5) return 'Good night';
  if (hour < 12) return 'Good morning';
  return hour < 18 ? 'Good afternoon' : 'Good evening';
}

function summaryOf(posts: Post[]): string {
  if (posts.length === 0) return 'It is quiet here. Write the first post.';
  const people = new Set(posts.map((post) => post.author.id)).size;
  return `${count(posts.length, 'post', 'posts')} from ${count(people, 'person', 'people')}`;
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}
