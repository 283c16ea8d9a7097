import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  input,
  output,
  signal,
  untracked,
} from '@angular/core';
import { formatDuration } from '../../text/time';
import { type HeatmapData, isDuration, numberText } from '../results';
import { axis, type Ink, TIME_VALUES, type uPlot } from './plot';
import { type PlotOptions, PlotView } from './plot-view';

/** A part of a heatmap: values of its column from `low` up to `high`, times in Unix milliseconds. */
export interface Box {
  low: number;
  high: number;
  fromMs: number;
  toMs: number;
}

/** Pixels of a drag that is still a click. */
const STILL = 5;

/** Where the spans are, by time and value: the darker, the more. A drag chooses a box, a click a cell. */
@Component({
  selector: 'lab-heatmap-chart',
  imports: [PlotView],
  template: `<lab-plot [options]="options()" [data]="data()" [height]="height()" (drawn)="plot.set($event)" />`,
  styles: ':host { display: block; cursor: crosshair; } :host(.still) { pointer-events: none; }',
  host: { '[class.still]': 'still()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class HeatmapChart {
  readonly map = input.required<HeatmapData>();
  readonly selection = input<Partial<Box> | null>(null);
  readonly height = input(260);
  /** it is only looked at */
  readonly still = input(false);
  readonly chosen = output<Box>();
  readonly cell = output<Box>();

  readonly #range = computed(() => {
    const { times, bucket, min, step, counts } = this.map();
    const bins = counts[0]?.length ?? 1;
    return { from: times[0] ?? 0, to: (times.at(-1) ?? 0) + bucket, low: min, high: min + step * bins };
  });
  protected readonly data = computed<uPlot.AlignedData>(() => {
    const { times } = this.map();
    return [times, times.map(() => null)];
  });
  protected readonly options = computed(() => (ink: Ink): PlotOptions => {
    const map = this.map();
    const { from, to, low, high } = this.#range();
    const text = (value: number): string =>
      isDuration(map.column) ? formatDuration(value) : numberText(value);
    return {
      legend: { show: false },
      cursor: { drag: { x: true, y: true, setScale: false, dist: STILL }, points: { show: false } },
      scales: { x: { time: true, range: () => [from, to] }, y: { range: () => [low, high] } },
      axes: [
        axis(ink, { values: TIME_VALUES, space: 70 }),
        axis(ink, { values: (_, splits) => splits.map(text), size: 62, space: 34 }),
      ],
      series: [{}, { show: true, points: { show: false } }],
      hooks: {
        drawAxes: [(plot) => paint(plot, map, ink)],
        setSelect: [(plot) => this.#dragged(plot)],
        ready: [
          ({ over }) => over.addEventListener('mousedown', () => (this.#wasDragged = false)),
          (plot) => plot.over.addEventListener('click', () => this.#clicked(plot)),
        ],
      },
    };
  });
  protected readonly plot = signal<uPlot | null>(null);
  #wasDragged = false;

  constructor() {
    effect(() => {
      const [plot, box] = [this.plot(), this.selection()];
      if (plot) untracked(() => this.#show(plot, box));
    });
  }

  /** Draws the box that is chosen, without saying so again. */
  #show(plot: uPlot, box: Partial<Box> | null): void {
    if (!box) {
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      return;
    }
    const { from, to, low, high } = this.#range();
    const left = plot.valToPos(Math.max((box.fromMs ?? from * 1_000) / 1_000, from), 'x');
    const right = plot.valToPos(Math.min((box.toMs ?? to * 1_000) / 1_000, to), 'x');
    const top = plot.valToPos(Math.min(box.high ?? high, high), 'y');
    const bottom = plot.valToPos(Math.max(box.low ?? low, low), 'y');
    plot.setSelect({ left, top, width: Math.max(2, right - left), height: Math.max(2, bottom - top) }, false);
  }

  #dragged(plot: uPlot): void {
    const { left, top, width, height } = plot.select;
    if (width < STILL && height < STILL) return;
    this.#wasDragged = true;
    const whole = this.#range();
    // A drag along one axis alone means all of the other one.
    const tall = height < STILL;
    const wide = width < STILL;
    const { times, bucket, min, step } = this.map();
    // Whole cells: a cell that is touched belongs to the box.
    const down = (value: number): number => min + Math.floor((value - min) / step) * step;
    const up = (value: number): number => min + Math.ceil((value - min) / step) * step;
    const first = times[0] ?? 0;
    const at = (pixel: number): number => (plot.posToVal(pixel, 'x') - first) / bucket;
    this.chosen.emit({
      low: tall ? whole.low : Math.max(whole.low, down(plot.posToVal(top + height, 'y'))),
      high: tall ? whole.high : Math.min(whole.high, up(plot.posToVal(top, 'y'))),
      fromMs: wide ? whole.from * 1_000 : (first + Math.floor(at(left)) * bucket) * 1_000,
      toMs: wide ? whole.to * 1_000 : (first + Math.ceil(at(left + width)) * bucket) * 1_000,
    });
  }

  #clicked(plot: uPlot): void {
    if (this.#wasDragged) return;
    const { left = -1, top = -1 } = plot.cursor;
    if (left < 0 || top < 0) return;
    const { times, bucket, min, step, counts } = this.map();
    const at = Math.floor((plot.posToVal(left, 'x') - (times[0] ?? 0)) / bucket);
    const bin = Math.floor((plot.posToVal(top, 'y') - min) / step);
    if (!counts[at]?.[bin]) return;
    const from = (times[at] ?? 0) * 1_000;
    this.cell.emit({
      low: min + bin * step,
      high: min + (bin + 1) * step,
      fromMs: from,
      toMs: from + bucket * 1_000,
    });
  }
}

/** Cells in shades of one colour. Few spans are as visible as they are rare: the shade grows with the logarithm. */
function paint(plot: uPlot, { times, bucket, min, step, counts, most }: HeatmapData, ink: Ink): void {
  const { ctx } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
  ctx.clip();
  ctx.fillStyle = ink.accent;
  const y = (value: number): number => plot.valToPos(value, 'y', true);
  const height = Math.max(1, y(min) - y(min + step));
  for (const [at, column] of counts.entries()) {
    const left = plot.valToPos(times[at] ?? 0, 'x', true);
    const width = Math.max(1, plot.valToPos((times[at] ?? 0) + bucket, 'x', true) - left);
    for (const [bin, count] of column.entries()) {
      if (count === 0) continue;
      ctx.globalAlpha = 0.22 + 0.78 * (Math.log(1 + count) / Math.log(1 + most));
      ctx.fillRect(left, y(min + (bin + 1) * step), Math.ceil(width), Math.ceil(height));
    }
  }
  ctx.restore();
}
