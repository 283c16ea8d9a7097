import { DestroyRef, Injectable, inject } from '@angular/core';
import { NavigationEnd, Router } from '@angular/router';

interface Remembering {
  labScrollTop?: unknown;
}

/** Keeps with each step of the history how far the trace was scrolled, so that "back" returns exactly. */
@Injectable()
export class ScrollMemory {
  readonly #router = inject(Router);
  #read: () => number = () => 0;

  /** @param write scrolls; called after "back" or "forward" was rendered */
  follow(read: () => number, write: (top: number) => void): void {
    this.#read = read;
    let wanted: number | null = null;
    const onPop = ({ state }: PopStateEvent): void => {
      const top = (state as Remembering | null)?.labScrollTop;
      wanted = typeof top === 'number' ? top : null;
    };
    addEventListener('popstate', onPop);
    const ended = this.#router.events.subscribe((event) => {
      if (!(event instanceof NavigationEnd) || wanted === null) return;
      const top = wanted;
      wanted = null;
      // The second frame comes after the waterfall's own scrolling to an open span.
      requestAnimationFrame(() => requestAnimationFrame(() => write(top)));
    });
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('popstate', onPop);
      ended.unsubscribe();
    });
  }

  /** Call it just before a step that "back" should undo. */
  remember(): void {
    history.replaceState({ ...history.state, labScrollTop: this.#read() }, '');
  }
}
