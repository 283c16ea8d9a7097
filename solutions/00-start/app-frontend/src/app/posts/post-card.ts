import { Component, inject, input, linkedSignal, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { explainError } from '../api/explain-error';
import { Avatar } from '../ui/avatar';
import { Notices } from '../ui/notices';
import { RelativeTime } from '../ui/relative-time';
import type { Post } from './post';
import { PostsApi } from './posts-api';
import { ShareDialog } from './share-dialog';

/** One post, with what a reader can do with it. */
@Component({
  selector: 'app-post-card',
  imports: [Avatar, RelativeTime, RouterLink, ShareDialog],
  templateUrl: './post-card.html',
  styleUrl: './post-card.css',
})
export class PostCard {
  private readonly postsApi = inject(PostsApi);
  private readonly notices = inject(Notices);

  readonly post = input.required<Post>();
  /** Without actions a post can only be read. */
  readonly actions = input(true);

  /** The post as it is shown: a like counts at once, and is taken back if it fails. */
  protected readonly shown = linkedSignal(() => this.post());
  protected readonly shareToken = signal<string | null>(null);

  protected async like(): Promise<void> {
    const before = this.shown();
    const likeCount = before.likedByMe ? before.likeCount : before.likeCount + 1;
    this.shown.set({ ...before, likeCount, likedByMe: true });
    try {
      await firstValueFrom(this.postsApi.like(before.id));
    } catch (error) {
      this.shown.set(before);
      this.notices.problem(explainError(error));
    }
  }

  protected async share(): Promise<void> {
    try {
      this.shareToken.set(await firstValueFrom(this.postsApi.share(this.post().id)));
    } catch (error) {
      this.notices.problem(explainError(error));
    }
  }
}
