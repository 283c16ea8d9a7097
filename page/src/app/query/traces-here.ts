import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { labProblem } from '../lab/lab-api';
import { Icon } from '../shell/icon';
import { shownLine } from '../text/shown';
import { formatDuration } from '../text/time';
import { type Place, tracesQuery } from './place';
import { QueryApi } from './query-api';
import type { QuerySpec } from './spec';

const MOST = 20;

/** The traces behind a cell, a point or a row: the slowest first. */
@Component({
  selector: 'lab-traces-here',
  imports: [Icon, RouterLink],
  template: `
    <section aria-labelledby="traces-here">
      <header>
        <h2 id="traces-here">Traces: {{ words() }}</h2>
        <button type="button" class="button plain" aria-label="Close the traces" (click)="closed.emit()"><lab-icon name="close" /></button>
      </header>
      @if (problem(); as problem) {
        <p role="alert">{{ problem }}</p>
      } @else if (rows().length > 0) {
        <ol>
          @for (row of rows(); track row.id) {
            <li>
              <a [routerLink]="['/trace', row.id]">
                <code>{{ row.id.slice(0, 8) }}</code>
                <span class="name">{{ row.name }}</span>
                <span class="number">{{ row.duration }}</span>
              </a>
            </li>
          }
        </ol>
      } @else if (found.hasValue()) {
        <p>No trace is there any more. Old ones are removed.</p>
      } @else {
        <p class="soft">Looking for them.</p>
      }
    </section>
  `,
  styles: `
    section {
      min-block-size: 96px;
      padding: 8px 12px;
      border: 1px solid var(--line-strong);
      border-radius: var(--radius);
      background: var(--surface);
    }

    header {
      display: flex;
      gap: 12px;
      justify-content: space-between;
    }

    h2 {
      overflow-wrap: anywhere;
    }

    ol {
      max-block-size: 260px;
      margin: 6px 0 0;
      padding: 0;
      overflow: auto;
      list-style: none;
    }

    a {
      display: grid;
      grid-template-columns: 84px minmax(0, 1fr) auto;
      gap: 12px;
      padding: 3px 4px;
      color: inherit;
      text-decoration: none;
    }

    a:hover {
      background: var(--hover);
    }

    code {
      color: var(--accent);
    }

    .name {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TracesHere {
  readonly query = input.required<QuerySpec>();
  readonly place = input.required<Place>();
  readonly closed = output();

  protected readonly found = inject(QueryApi).query(() => tracesQuery(this.query(), this.place(), MOST), {
    disable_series: 'true',
  });
  protected readonly words = computed(() => shownLine(this.place().words, 200));
  protected readonly problem = computed(() => {
    const error = this.found.error();
    return error ? labProblem(error).text || 'The lab did not answer.' : '';
  });
  protected readonly rows = computed(() => {
    if (!this.found.hasValue()) return [];
    return this.found.value().data.results.map(({ data }) => ({
      id: String(data['trace.trace_id'] ?? ''),
      name: shownLine(String(data.name ?? ''), 120),
      duration: formatDuration(Number(data['MAX(duration_ms)'] ?? 0)),
    }));
  });
}
