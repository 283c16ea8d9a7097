import { computed, DestroyRef, Injectable, inject, signal } from '@angular/core';

/** What one key does, in words for the help. */
export interface KeyBinding {
  /** as in KeyboardEvent.key; `g t` is two of them, one after the other */
  keys: readonly string[];
  words: string;
  run: () => void;
}

const KEPT = 'lab.single-keys';
/** The second key of two comes within this time, milliseconds. */
const PAIR_MS = 1_200;
const FIELDS = 'input, textarea, select, [contenteditable], dialog[open] *';

/**
 * Single keys that work wherever the focus is, but in fields; a person can switch them off (WCAG 2.1.4). Every view
 * adds its own as long as it is there, and the help lists what is bound now.
 */
@Injectable({ providedIn: 'root' })
export class Keys {
  readonly #groups = signal<readonly { title: string; bindings: readonly KeyBinding[] }[]>([]);
  readonly groups = this.#groups.asReadonly();
  readonly #on = signal(read());
  readonly on = this.#on.asReadonly();
  readonly #all = computed(() => {
    const all = new Map<string, KeyBinding>();
    for (const { bindings } of this.#groups()) {
      for (const binding of bindings) for (const key of binding.keys) all.set(key, binding);
    }
    return all;
  });

  #before: { key: string; at: number } | null = null;

  constructor() {
    document.addEventListener('keydown', (event) => this.#pressed(event));
  }

  /** Binds keys as long as the caller lives. Call it where `inject` works. */
  bind(title: string, bindings: readonly KeyBinding[]): void {
    const group = { title, bindings };
    this.#groups.update((groups) => [...groups, group]);
    inject(DestroyRef).onDestroy(() =>
      this.#groups.update((groups) => groups.filter((each) => each !== group)),
    );
  }

  switch(on: boolean): void {
    this.#on.set(on);
    try {
      localStorage.setItem(KEPT, on ? 'on' : 'off');
    } catch {
      // It holds until the page is left.
    }
  }

  #pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.#on() || !(event.target instanceof Element) || event.target.closest(FIELDS)) return;
    const before = this.#before;
    this.#before = null;
    const soon = before !== null && event.timeStamp - before.at < PAIR_MS;
    const binding =
      (soon ? this.#all().get(`${before.key} ${event.key}`) : null) ?? this.#all().get(event.key);
    if (!binding) {
      this.#before = { key: event.key, at: event.timeStamp };
      return;
    }
    event.preventDefault();
    binding.run();
  }
}

function read(): boolean {
  try {
    return localStorage.getItem(KEPT) !== 'off';
  } catch {
    return true;
  }
}
