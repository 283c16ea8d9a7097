import { Injectable, inject } from '@angular/core';
import { Router } from '@angular/router';
import type { Interval } from '@workshop/telemetry/pure';

/** Query parameters of a view; null takes one away. */
export type Parameters = Record<string, string | null>;

/** Writes the state of a view into its address. The view reads it from there: the address holds all of it. */
@Injectable({ providedIn: 'root' })
export class Address {
  readonly #router = inject(Router);
  /** Changes of one moment are one navigation: each that begins ends the one before. */
  #pending: Parameters = {};
  #pushes = false;
  #number = 0;

  /** A step that "back" undoes. */
  push(parameters: Parameters): void {
    this.#pushes = true;
    void this.#navigate(parameters);
  }

  /** A change on the way: typing, dragging, moving along. */
  replace(parameters: Parameters): void {
    void this.#navigate(parameters);
  }

  async #navigate(parameters: Parameters): Promise<void> {
    this.#pending = { ...this.#pending, ...parameters };
    const number = ++this.#number;
    await this.#router.navigate([], {
      queryParams: this.#pending,
      queryParamsHandling: 'merge',
      replaceUrl: !this.#pushes,
    });
    if (number !== this.#number) return;
    this.#pending = {};
    this.#pushes = false;
  }
}

/** `12.5-300`: milliseconds after the trace's begin. */
export function intervalText(interval: Interval | null): string | null {
  return interval && `${round(interval.startMs)}-${round(interval.endMs)}`;
}

export function intervalOf(text: string | undefined): Interval | null {
  const [, from, to] = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text ?? '') ?? [];
  const interval = { startMs: Number(from), endMs: Number(to) };
  return interval.endMs > interval.startMs ? interval : null;
}

function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
