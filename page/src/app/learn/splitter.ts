import { ChangeDetectionStrategy, Component, ElementRef, inject, model } from '@angular/core';

const LEAST = 15;
const MOST = 80;
const STEP = 4;

/** Divides its parent's height: the part below it has `share` per cent. Dragged, or moved with the arrow keys. */
@Component({
  selector: 'lab-splitter',
  template: '',
  styles: `
    :host {
      display: block;
      block-size: 7px;
      border-block: 1px solid var(--line-strong);
      background: var(--paper);
      cursor: row-resize;
      touch-action: none;
    }

    :host(:hover) {
      background: var(--accent-wash);
    }
  `,
  host: {
    role: 'separator',
    tabindex: '0',
    'aria-orientation': 'horizontal',
    'aria-label': 'Height of the details',
    '[attr.aria-valuenow]': 'share()',
    'aria-valuemin': `${LEAST}`,
    'aria-valuemax': `${MOST}`,
    '(pointerdown)': 'begin($event)',
    '(pointermove)': 'move($event)',
    '(keydown)': 'onKey($event)',
  },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Splitter {
  readonly share = model.required<number>();
  readonly #element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected begin(event: PointerEvent): void {
    this.#element.setPointerCapture(event.pointerId);
  }

  protected move(event: PointerEvent): void {
    if (!this.#element.hasPointerCapture(event.pointerId)) return;
    const box = this.#element.parentElement?.getBoundingClientRect();
    if (box) this.#set(((box.bottom - event.clientY) / box.height) * 100);
  }

  protected onKey(event: KeyboardEvent): void {
    const by = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.#set(this.share() + by);
  }

  #set(share: number): void {
    this.share.set(Math.round(Math.min(MOST, Math.max(LEAST, share))));
  }
}
