import {
  afterRenderEffect,
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  inject,
  input,
  output,
  ViewEncapsulation,
  viewChild,
} from '@angular/core';
import { Router } from '@angular/router';

/**
 * A text of the workshop: Markdown that the lab's side has rendered, with markup in it as text. Angular cleans it once
 * more. Nothing of a span ever comes here.
 */
@Component({
  selector: 'lab-prose',
  template: `<div #text class="prose" [innerHTML]="html()" (click)="follow($event)"></div>`,
  styleUrl: './prose.css',
  // What is inside has no attributes of Angular's; every rule begins with .prose.
  encapsulation: ViewEncapsulation.None,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Prose {
  readonly html = input.required<string>();
  /** a word of the glossary, by its anchor, and the link that asks for it */
  readonly term = output<{ name: string; at: HTMLElement }>();
  /** path of a file to open */
  readonly file = output<string>();

  readonly #router = inject(Router);
  protected readonly box = viewChild.required<ElementRef<HTMLElement>>('text');

  constructor() {
    afterRenderEffect(() => {
      this.html();
      // What scrolls sideways must be reachable with the keyboard.
      for (const block of this.box().nativeElement.querySelectorAll('pre')) block.tabIndex = 0;
    });
  }

  /** Scrolls to the heading with these words. */
  toHeading(words: string): void {
    const wanted = words.trim().toLowerCase();
    const headings = [...this.box().nativeElement.querySelectorAll<HTMLElement>('h2, h3')];
    const found = headings.find(({ textContent }) => textContent?.trim().toLowerCase().includes(wanted));
    if (!found || wanted === '') return;
    found.tabIndex = -1;
    found.scrollIntoView({ block: 'start' });
    found.focus({ preventScroll: true });
  }

  protected follow(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const href = link?.getAttribute('href');
    if (!link || !href || /^https?:/.test(href)) return;
    event.preventDefault();
    if (href.startsWith('#term-')) this.term.emit({ name: href.slice('#term-'.length), at: link });
    else if (href.startsWith('#open=')) this.file.emit(href.slice('#open='.length));
    else if (href.startsWith('#')) this.toHeading(href.slice(1).replaceAll('-', ' '));
    else if (href.startsWith('/')) void this.#router.navigateByUrl(href);
  }
}
