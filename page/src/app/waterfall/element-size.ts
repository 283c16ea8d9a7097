import { DestroyRef, type ElementRef, effect, inject, type Signal, signal } from '@angular/core';

/** Width and height of an element's content box as signals, CSS pixels; 0 before it is on the screen. */
export class ElementSize {
  readonly #width = signal(0);
  readonly #height = signal(0);
  readonly width = this.#width.asReadonly();
  readonly height = this.#height.asReadonly();

  /** Make it where `inject` works. */
  constructor(element: Signal<ElementRef<HTMLElement>>) {
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      this.#width.set(entry.contentRect.width);
      this.#height.set(entry.contentRect.height);
    });
    effect(() => {
      observer.disconnect();
      observer.observe(element().nativeElement);
    });
    inject(DestroyRef).onDestroy(() => observer.disconnect());
  }
}
