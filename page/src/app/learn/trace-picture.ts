import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { formatDuration } from '@workshop/telemetry/pure';
import type { ReportedTrace } from './shapes';

const MOST_LINES = 40;

/** A whole trace, small: one line for each of its first spans. */
@Component({
  selector: 'lab-trace-picture',
  template: `
    <p>
      <strong>{{ label() }}</strong>
      <span class="soft number">{{ words() }}</span>
    </p>
    <svg [attr.viewBox]="'0 0 100 ' + height()" preserveAspectRatio="none" aria-hidden="true">
      @for (line of lines(); track $index) {
        <rect [attr.x]="line.x" [attr.y]="$index" [attr.width]="line.width" height="0.7" />
      }
    </svg>
  `,
  styles: `
    p {
      display: flex;
      flex-wrap: wrap;
      gap: 0 8px;
      font-size: 13px;
    }

    svg {
      display: block;
      inline-size: 100%;
      block-size: 56px;
      border: 1px solid var(--line);
      border-radius: 4px;
      background: var(--surface);
    }

    rect {
      fill: var(--service-1);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TracePicture {
  readonly label = input.required<string>();
  readonly trace = input.required<ReportedTrace>();

  readonly #times = computed(() => {
    const { spans } = this.trace();
    const start = Math.min(...spans.map(({ startMs }) => startMs));
    const end = Math.max(...spans.map(({ startMs, durationMs }) => startMs + (durationMs ?? 0)));
    return { start, length: Math.max(end - start, 0.001) };
  });
  protected readonly words = computed(() => {
    const { spans, omitted } = this.trace();
    const count = spans.length + omitted;
    if (count === 0) return 'no spans';
    return `${count} ${count === 1 ? 'span' : 'spans'}, ${formatDuration(this.#times().length)}`;
  });
  protected readonly lines = computed(() => {
    const { start, length } = this.#times();
    return this.trace()
      .spans.slice(0, MOST_LINES)
      .map(({ startMs, durationMs }) => ({
        x: ((startMs - start) / length) * 100,
        width: Math.max(0.6, ((durationMs ?? 0) / length) * 100),
      }));
  });
  protected readonly height = computed(() => Math.max(8, this.lines().length));
}
