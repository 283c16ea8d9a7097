import { Service, signal } from '@angular/core';

/** A short message at the page's edge, with a link to follow if there is one. */
export interface Notice {
  readonly kind: 'news' | 'problem';
  readonly text: string;
  readonly link?: { readonly label: string; readonly to: string[] };
}

const NEWS_LASTS_MS = 6_000;

/** Tells the visitor what happened. News leaves by itself, a problem stays until it is closed. */
@Service()
export class Notices {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly latest = signal<Notice | null>(null);

  readonly current = this.latest.asReadonly();

  news(text: string, link?: Notice['link']): void {
    this.show({ kind: 'news', text, link });
    this.timer = setTimeout(() => this.close(), NEWS_LASTS_MS);
  }

  problem(text: string): void {
    this.show({ kind: 'problem', text });
  }

  close(): void {
    clearTimeout(this.timer);
    this.latest.set(null);
  }

  private show(notice: Notice): void {
    clearTimeout(this.timer);
    this.latest.set(notice);
  }
}
