import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { shownLine } from '../text/shown';
import type { QueryAnswer, ResultData } from './query-api';
import { type Group, groupsOf, keysOf, labelOf, resultText, valueText } from './results';
import { listOf } from './spec';

const FIRST_ROWS = 50;

/** The results of a query, a row for each group. A row opens its traces. */
@Component({
  selector: 'lab-result-table',
  template: `
    <div class="scroll" tabindex="0" role="region" [attr.aria-label]="name()">
      <table>
        <caption class="visually-hidden">{{ name() }}</caption>
        <thead>
          <tr>
            @for (column of breakdowns(); track column) {
              <th scope="col">{{ line(column) }}</th>
            }
            @for (key of keys(); track key) {
              <th scope="col" class="right">{{ line(key) }}</th>
              @if (earlier()) {
                <th scope="col" class="right soft">earlier</th>
              }
            }
            @if (!still()) {
              <th scope="col"><span class="visually-hidden">Traces</span></th>
            }
          </tr>
        </thead>
        <tbody>
          @for (row of rows(); track $index) {
            <tr [class.still]="still()" (click)="still() || chosen.emit(row.group)">
              @for (cell of row.cells; track $index) {
                <td>
                  @if ($index === 0 && row.colour !== null) {
                    <span class="swatch" [class]="'s' + row.colour"></span>
                  }
                  {{ cell }}
                </td>
              }
              @for (number of row.numbers; track $index) {
                <td class="right number" [class.soft]="number.soft">{{ number.text }}</td>
              }
              @if (!still()) {
                <td>
                  <button type="button" class="button plain" [attr.aria-label]="'Traces of ' + row.group.label" (click)="chosen.emit(row.group); $event.stopPropagation()">Traces</button>
                </td>
              }
            </tr>
          }
        </tbody>
      </table>
    </div>
    @if (hidden() > 0 && still()) {
      <p class="soft">{{ hidden() }} more rows</p>
    } @else if (hidden() > 0) {
      <button type="button" class="button" (click)="all.emit(true)">Show {{ hidden() }} more rows</button>
    }
  `,
  styles: `
    :host {
      display: block;
      min-inline-size: 0;
    }

    .scroll {
      position: relative;
      overflow-x: auto;
    }

    table {
      border-collapse: collapse;
      min-inline-size: min(100%, 640px);
    }

    th,
    td {
      padding: 4px 10px;
      border-block-end: 1px solid var(--line);
      text-align: start;
      white-space: nowrap;
    }

    th {
      color: var(--ink-soft);
      font-size: 12px;
      font-weight: 600;
    }

    td:not(.right) {
      max-inline-size: 380px;
      overflow: hidden;
      text-overflow: ellipsis;
    }

    tbody tr {
      cursor: pointer;
    }

    tbody tr.still {
      cursor: auto;
    }

    tbody tr:not(.still):hover {
      background: var(--hover);
    }

    .right {
      text-align: end;
    }

    .swatch {
      display: inline-block;
      inline-size: 10px;
      block-size: 10px;
      margin-inline-end: 6px;
      border-radius: 2px;
      background: var(--bar);
    }

    .button.plain {
      min-block-size: 24px;
      color: var(--accent);
    }

    .button:not(.plain) {
      margin-block-start: 8px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ResultTable {
  readonly answer = input.required<QueryAnswer>();
  readonly name = input('Table of results');
  /** groups are drawn as lines, in these colours */
  readonly coloured = input(false);
  readonly whole = input(false);
  readonly rowsAtMost = input(FIRST_ROWS);
  /** it is only looked at: no row leads anywhere */
  readonly still = input(false);
  readonly chosen = output<Group>();
  readonly all = output<boolean>();

  protected readonly breakdowns = computed(() => listOf<string>(this.answer().query, 'breakdowns'));
  protected readonly keys = computed(() => keysOf(this.answer()));
  protected readonly earlier = computed(() => this.answer().comparison !== undefined);
  readonly #groups = computed(() => groupsOf(this.answer().query, this.answer().data.results));
  readonly #before = computed(() => {
    const { query, comparison } = this.answer();
    const groups = comparison ? groupsOf(query, comparison.results) : [];
    return new Map(groups.map(({ values, data }) => [JSON.stringify(values), data]));
  });
  protected readonly rows = computed(() => {
    const shown = this.whole() ? this.#groups() : this.#groups().slice(0, this.rowsAtMost());
    return shown.map((group, index) => ({
      group: { ...group, label: labelOf(group.values) },
      colour: this.coloured() && index < 12 ? index % 8 : null,
      cells: this.breakdowns().map((column) => valueText(group.values[column])),
      numbers: this.#numbersOf(group),
    }));
  });
  protected readonly hidden = computed(() => this.#groups().length - this.rows().length);

  protected line(text: string): string {
    return shownLine(text, 80);
  }

  #numbersOf({ data, values }: Group): { text: string; soft: boolean }[] {
    const before: ResultData | undefined = this.#before().get(JSON.stringify(values));
    return this.keys().flatMap((key) => {
      const now = { text: resultText(key, data[key]), soft: false };
      return this.earlier() ? [now, { text: resultText(key, before?.[key]), soft: true }] : [now];
    });
  }
}
