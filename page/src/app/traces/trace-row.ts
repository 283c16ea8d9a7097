import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { TraceSummary } from '../lab/lab-api';
import { shownLine } from '../text/shown';
import { clockTime, formatDuration, shortTime } from '../text/time';
import { serviceColours } from '../waterfall/service-colours';

/** One trace of the list, as a link of a fixed height. */
@Component({
  selector: 'lab-trace-row',
  imports: [RouterLink],
  templateUrl: './trace-row.html',
  styleUrl: './trace-row.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TraceRow {
  readonly trace = input.required<TraceSummary>();
  /** of all that are listed: the bars compare with it */
  readonly longestMs = input.required<number>();
  /** the trace that another one is chosen for */
  readonly with = input<string>();

  protected readonly link = computed(() => ['/trace', this.with() ?? this.trace().traceId]);
  protected readonly parameters = computed(() => (this.with() ? { with: this.trace().traceId } : {}));
  protected readonly shown = computed(() => {
    const { name, startMs, durationMs, services, request, userId } = this.trace();
    const path = request && `${request.method} ${request.path ?? request.route ?? ''}`.trim();
    return {
      name: shownLine(name) || '(no name)',
      request: path && path !== name ? shownLine(path) : '',
      user: userId === null ? '' : `user ${shownLine(userId, 40)}`,
      services: [...serviceColours(services)].map(([service, colour]) => ({
        name: shownLine(service, 60) || '(no service)',
        colour,
      })),
      time: shortTime(startMs),
      clock: clockTime(startMs),
      duration: formatDuration(durationMs),
      share: this.longestMs() > 0 ? (durationMs / this.longestMs()) * 100 : 0,
    };
  });
}
