import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { formatDuration } from '../../text/time';
import type { ResultData } from '../query-api';
import { isDuration, type Lines, numberText } from '../results';
import { axis, type Ink, TIME_VALUES, type uPlot } from './plot';
import { type PlotOptions, PlotView } from './plot-view';

/** A point of a line; times are Unix milliseconds. */
export interface Point {
  group: ResultData;
  fromMs: number;
  toMs: number;
}

const STILL = 5;

/** One result over time, a line for each group. A drag chooses a time, a click a point. */
@Component({
  selector: 'lab-line-chart',
  imports: [PlotView],
  template: `<lab-plot [options]="options()" [data]="data()" [height]="height()" />`,
  styles: ':host { display: block; cursor: crosshair; } :host(.still) { pointer-events: none; }',
  host: { '[class.still]': 'still()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LineChart {
  readonly lines = input.required<Lines>();
  /** name of the result */
  readonly of = input.required<string>();
  readonly height = input(260);
  /** it is only looked at */
  readonly still = input(false);
  readonly zoomed = output<{ fromMs: number; toMs: number }>();
  readonly point = output<Point>();

  protected readonly data = computed<uPlot.AlignedData>(() => {
    const { times, lines } = this.lines();
    return [times, ...lines.map(({ values }) => values)];
  });
  protected readonly options = computed(() => (ink: Ink): PlotOptions => {
    const { lines, times } = this.lines();
    const text = isDuration(this.of()) ? formatDuration : numberText;
    const bucket = (times[1] ?? (times[0] ?? 0) + 60) - (times[0] ?? 0);
    const own = lines.filter(({ earlier }) => !earlier).length || 1;
    let dragged = false;
    return {
      legend: { show: false },
      cursor: { drag: { x: true, y: false, setScale: false, dist: STILL }, focus: { prox: 30 } },
      focus: { alpha: 0.35 },
      scales: {
        x: { time: true, range: () => [times[0] ?? 0, (times.at(-1) ?? 0) + bucket] },
        y: { range: (_, low, high) => [Math.min(0, low ?? 0), (high ?? 1) * 1.08 || 1] },
      },
      axes: [
        axis(ink, { values: TIME_VALUES, space: 70 }),
        axis(ink, { values: (_, splits) => splits.map((value) => text(value)), size: 62, space: 34 }),
      ],
      series: [
        {},
        ...lines.map(({ earlier }, index): uPlot.Series => {
          const colour = ink.series[(index % own) % ink.series.length];
          return {
            stroke: colour,
            width: earlier ? 1 : 2,
            // A ninth line has the first one's colour, and another stroke.
            dash: earlier ? [2, 4] : index % own >= ink.series.length ? [8, 4] : [],
            spanGaps: false,
            points: { show: !earlier, size: 4, fill: colour, stroke: colour },
          };
        }),
      ],
      hooks: {
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width < STILL) return;
            dragged = true;
            const at = (pixel: number): number => Math.round(plot.posToVal(pixel, 'x') * 1_000);
            this.zoomed.emit({ fromMs: at(left), toMs: at(left + width) });
          },
        ],
        ready: [
          ({ over }) => over.addEventListener('mousedown', () => (dragged = false)),
          (plot) =>
            plot.over.addEventListener('click', () => {
              const { idx } = plot.cursor;
              if (!dragged && typeof idx === 'number') this.#clicked(plot, idx, bucket);
            }),
        ],
      },
    };
  });

  #clicked(plot: uPlot, index: number, bucket: number): void {
    const { lines, times } = this.lines();
    const top = plot.cursor.top ?? 0;
    const near = lines
      .filter(({ earlier, values }) => !earlier && typeof values[index] === 'number')
      .map((line) => ({ line, away: Math.abs(plot.valToPos(line.values[index] as number, 'y') - top) }))
      .sort((a, b) => a.away - b.away)[0];
    if (!near) return;
    const fromMs = (times[index] ?? 0) * 1_000;
    this.point.emit({ group: near.line.group, fromMs, toMs: fromMs + bucket * 1_000 });
  }
}
