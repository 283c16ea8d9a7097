import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { formatDuration } from '../../text/time';
import { type Group, isDuration, numberText } from '../results';
import { axis, type Ink, uPlot } from './plot';
import { type PlotOptions, PlotView } from './plot-view';

const MOST_BARS = 40;

/** One result of each group, in the order of the table. A click chooses a group. */
@Component({
  selector: 'lab-bar-chart',
  imports: [PlotView],
  template: `<lab-plot [options]="options()" [data]="data()" [height]="height()" />`,
  styles: ':host { display: block; cursor: pointer; }',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BarChart {
  readonly groups = input.required<readonly Group[]>();
  readonly of = input.required<string>();
  readonly height = input(260);
  readonly group = output<Group>();

  readonly #shown = computed(() => this.groups().slice(0, MOST_BARS));
  protected readonly data = computed<uPlot.AlignedData>(() => {
    const values = this.#shown().map(({ data }) => data[this.of()]);
    return [
      values.map((_, index) => index),
      values.map((value) => (typeof value === 'number' ? value : null)),
    ];
  });
  protected readonly options = computed(() => (ink: Ink): PlotOptions => {
    const groups = this.#shown();
    const text = isDuration(this.of()) ? formatDuration : numberText;
    const label = (at: number): string => {
      const whole = groups[at]?.label ?? '';
      return whole.length > 14 ? `${whole.slice(0, 13)}…` : whole;
    };
    return {
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
      scales: {
        x: { time: false, range: () => [-0.6, Math.max(groups.length, 4) - 0.4] },
        y: { range: (_, low, high) => [Math.min(0, low ?? 0), (high ?? 1) * 1.08 || 1] },
      },
      axes: [
        axis(ink, {
          grid: { show: false },
          splits: (_plot, _axis, min, max) =>
            groups.map((_, at) => at).filter((at) => at >= min && at <= max),
          values: ({ width }, splits) => {
            const every = Math.ceil((splits.length * 100) / width);
            return splits.map((at) => (at % every === 0 ? label(at) : ''));
          },
          space: 60,
        }),
        axis(ink, { values: (_, splits) => splits.map((value) => text(value)), size: 62, space: 34 }),
      ],
      series: [
        {},
        {
          stroke: ink.accent,
          fill: ink.accent,
          width: 0,
          paths: uPlot.paths.bars?.({ size: [0.7, 80] }),
          points: { show: false },
        },
      ],
      hooks: {
        ready: [
          (plot) =>
            plot.over.addEventListener('click', () => {
              const group = groups[plot.cursor.idx ?? -1];
              if (group) this.group.emit(group);
            }),
        ],
      },
    };
  });
}
