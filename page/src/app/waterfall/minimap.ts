import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  type ElementRef,
  effect,
  inject,
  input,
  model,
  signal,
  viewChild,
} from '@angular/core';
import { endMs, type Interval, serviceOf } from '@workshop/telemetry/pure';
import { formatDuration } from '../text/time';
import { ElementSize } from './element-size';
import { stretch } from './row-view';
import type { TraceModel } from './trace-model';

const HEIGHT_PX = 40;
/** A shorter drag is a click. */
const SHORTEST_DRAG_PX = 4;

/** The whole trace in 40 px: a drag over it zooms in, a double click shows all again. Keys: `+` and `0`. */
@Component({
  selector: 'lab-minimap',
  template: `
    <div
      #box
      class="box"
      (pointerdown)="begin($event)"
      (pointermove)="move($event)"
      (pointerup)="end($event)"
      (pointercancel)="drag.set(null)"
      (dblclick)="zoom.set(null)"
    >
      <canvas #canvas aria-hidden="true"></canvas>
      @if (shown(); as part) {
        <span class="cover" [style.inline-size.%]="part.left"></span>
        <span class="cover after" [style.inset-inline-start.%]="part.left + part.width"></span>
        <span class="seen" [style.inset-inline-start.%]="part.left" [style.inline-size.%]="part.width"></span>
      }
    </div>
    @if (zoom() !== null) {
      <button type="button" class="button" title="Key: 0" (click)="zoom.set(null)">All of the time</button>
    }
    <p class="visually-hidden" role="status">{{ words() }}</p>
  `,
  styles: `
    :host {
      display: block;
      position: relative;
      border-block-end: 1px solid var(--line);
    }

    .box {
      position: relative;
      block-size: 40px;
      overflow: hidden;
      cursor: crosshair;
      touch-action: pan-y;
      user-select: none;
    }

    canvas {
      display: block;
      inline-size: 100%;
      block-size: 100%;
    }

    .cover {
      position: absolute;
      inset-block: 0;
      inset-inline-start: 0;
      background: var(--paper);
      opacity: 0.75;
    }

    .cover.after {
      inset-inline-end: 0;
    }

    .button {
      position: absolute;
      inset-block-start: 4px;
      inset-inline-end: 8px;
    }

    .seen {
      position: absolute;
      inset-block: 0;
      border-inline: 2px solid var(--accent);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Minimap {
  readonly model = input.required<TraceModel>();
  readonly critical = input.required<readonly Interval[]>();
  readonly showCritical = input.required<boolean>();
  /** milliseconds after the trace's begin; null: all */
  readonly zoom = model.required<Interval | null>();

  protected readonly box = viewChild.required<ElementRef<HTMLElement>>('box');
  protected readonly canvas = viewChild.required<ElementRef<HTMLCanvasElement>>('canvas');
  readonly #size = new ElementSize(this.box);
  readonly #scheme = signal(0);
  readonly #durationMs = computed(() => this.model().endMs - this.model().startMs);
  protected readonly drag = signal<{ from: number; to: number } | null>(null);

  protected readonly shown = computed(() => {
    const drag = this.drag();
    const width = this.#size.width() || 1;
    if (drag && Math.abs(drag.to - drag.from) >= SHORTEST_DRAG_PX) {
      const left = Math.min(drag.from, drag.to);
      return { left: (left / width) * 100, width: (Math.abs(drag.to - drag.from) / width) * 100 };
    }
    const zoom = this.zoom();
    return zoom ? stretch(zoom, { startMs: 0, endMs: this.#durationMs() }) : undefined;
  });
  protected readonly words = computed(() => {
    const zoom = this.zoom();
    return zoom ? `Shown: from ${formatDuration(zoom.startMs)} to ${formatDuration(zoom.endMs)}` : '';
  });

  constructor() {
    effect(() => {
      this.#scheme();
      this.#draw(this.#size.width());
    });
    // The canvas has no custom properties of its own: another theme is another picture.
    const redraw = (): void => this.#scheme.update((times) => times + 1);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', redraw);
    const chosen = new MutationObserver(redraw);
    chosen.observe(document.documentElement, { attributeFilter: ['style'] });
    inject(DestroyRef).onDestroy(() => {
      dark.removeEventListener('change', redraw);
      chosen.disconnect();
    });
  }

  protected begin(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.box().nativeElement.setPointerCapture(event.pointerId);
    this.drag.set({ from: event.offsetX, to: event.offsetX });
  }

  protected move(event: PointerEvent): void {
    const width = this.#size.width();
    this.drag.update((drag) => drag && { ...drag, to: Math.min(Math.max(0, event.offsetX), width) });
  }

  protected end(event: PointerEvent): void {
    this.move(event);
    const drag = this.drag();
    this.drag.set(null);
    if (!drag || Math.abs(drag.to - drag.from) < SHORTEST_DRAG_PX) return;
    const at = (px: number): number => (px / this.#size.width()) * this.#durationMs();
    this.zoom.set({ startMs: at(Math.min(drag.from, drag.to)), endMs: at(Math.max(drag.from, drag.to)) });
  }

  /** All spans in the order of the rows, from top to bottom: each a line of at least a pixel. */
  #draw(width: number): void {
    const canvas = this.canvas().nativeElement;
    const context = canvas.getContext('2d');
    if (!context || width === 0) return;
    const scale = devicePixelRatio;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(HEIGHT_PX * scale);
    context.scale(scale, scale);
    const model = this.model();
    const style = getComputedStyle(canvas);
    const colours = Array.from({ length: 8 }, (_, i) => style.getPropertyValue(`--service-${i}`));
    const resolved = new Map<number, string>();
    const perMs = width / (this.#durationMs() || 1);
    const order = model.index.trace(model.spans[0]?.traceId ?? '');
    const line = Math.max(1, Math.min(5, (HEIGHT_PX - 6) / order.length));
    for (const [row, span] of order.entries()) {
      const number = model.services.get(serviceOf(span)) ?? 0;
      let colour = resolved.get(number);
      if (colour === undefined) {
        colour = resolve(canvas, colours[number] ?? '');
        resolved.set(number, colour);
      }
      context.fillStyle = colour;
      const top = 3 + (row / order.length) * (HEIGHT_PX - 6);
      const left = (span.startMs - model.startMs) * perMs;
      context.fillRect(left, top, Math.max(1, (endMs(span) - span.startMs) * perMs), Math.max(1, line - 0.5));
    }
    if (!this.showCritical()) return;
    context.fillStyle = resolve(canvas, style.getPropertyValue('--ink'));
    for (const { startMs, endMs } of this.critical()) {
      const left = (startMs - model.startMs) * perMs;
      context.fillRect(left, HEIGHT_PX - 3, Math.max(1, (endMs - startMs) * perMs), 3);
    }
  }
}

/** A canvas knows no `light-dark()`: the browser says what it is here. */
function resolve(element: HTMLElement, colour: string): string {
  element.style.color = colour;
  return getComputedStyle(element).color;
}
