import { HttpClient } from '@angular/common/http';
import { computed, inject, linkedSignal, Service } from '@angular/core';
import { map, type Observable, tap } from 'rxjs';
import { Session } from '../session/session';
import type { Notification } from './notification';

/** The reader's notifications, and how many of them are new. */
@Service()
export class NotificationsApi {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);
  private readonly reader = computed(() => this.session.user()?.id);
  /** empty again for the next who signs in */
  private readonly latest = linkedSignal<string | undefined, Notification[]>({
    source: this.reader,
    computation: () => [],
  });
  private readonly seenUntil = linkedSignal(() => Number(localStorage.getItem(this.storageKey())));

  /** How many are newer than the last look at them. */
  readonly unread = computed(
    () => this.latest().filter(({ createdAt }) => Date.parse(createdAt) > this.seenUntil()).length,
  );

  /** Asks the API again. */
  refresh(): Observable<Notification[]> {
    const reader = this.reader();
    return this.http.get<{ notifications: Notification[] }>('/notifications').pipe(
      map(({ notifications }) => notifications),
      tap((notifications) => {
        if (this.reader() !== reader) {
          return;
        }
        this.seenUntil.set(Number(localStorage.getItem(this.storageKey())));
        this.latest.set(notifications);
      }),
    );
  }

  /** Remembers that the reader has seen all that are here now. */
  markSeen(): void {
    const newest = Math.max(this.seenUntil(), ...this.latest().map(({ createdAt }) => Date.parse(createdAt)));
    localStorage.setItem(this.storageKey(), String(newest));
    this.seenUntil.set(newest);
  }

  private storageKey(): string {
    return `murmur.notifications-seen.${this.reader()}`;
  }
}
