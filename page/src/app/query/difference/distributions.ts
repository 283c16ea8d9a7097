import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { shownLine } from '../../text/shown';
import type { Distributions as Found } from '../query-api';
import { percent } from './sentence';

/** Which values are how frequent, before anything is selected. */
@Component({
  selector: 'lab-distributions',
  template: `
    <ul>
      @for (column of columns(); track column.name) {
        <li>
          <button type="button" class="button plain" [attr.aria-label]="'Group by ' + column.words" (click)="grouped.emit(column.name)">{{ column.words }}</button>
          <span class="soft on">{{ column.on }}</span>
          <table>
            <caption class="visually-hidden">{{ column.words }}</caption>
            <tbody>
              @for (value of column.values; track $index) {
                <tr>
                  <th scope="row">{{ value.words }}</th>
                  <td class="number">{{ value.percent }}</td>
                  <td class="line" aria-hidden="true"><span [style.inline-size.%]="value.share * 100"></span></td>
                </tr>
              }
            </tbody>
          </table>
        </li>
      }
    </ul>
  `,
  styles: `
    ul {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(280px, 100%), 1fr));
      gap: 10px 22px;
      margin: 0;
      padding: 0;
      list-style: none;
    }

    li {
      min-inline-size: 0;
    }

    .button {
      max-inline-size: 100%;
      min-block-size: 24px;
      padding-inline: 0;
      overflow: hidden;
      font-family: var(--mono);
      font-size: 13px;
      text-overflow: ellipsis;
    }

    .on {
      margin-inline-start: 6px;
      font-size: 12px;
    }

    table {
      inline-size: 100%;
      table-layout: fixed;
      border-collapse: collapse;
      font-size: 12px;
    }

    th {
      overflow: hidden;
      padding: 0;
      font-weight: 400;
      text-align: start;
      text-overflow: ellipsis;
      white-space: nowrap;
    }

    .number {
      inline-size: 72px;
      padding: 0 8px;
      color: var(--ink-soft);
      text-align: end;
    }

    .line {
      inline-size: 90px;
      padding: 0;
    }

    .line span {
      display: block;
      min-inline-size: 1px;
      block-size: 7px;
      border-radius: 2px;
      background: var(--line-strong);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Distributions {
  readonly found = input.required<Found>();
  readonly grouped = output<string>();

  protected readonly columns = computed(() =>
    this.found()
      .columns.filter(({ distinct }) => distinct > 1)
      .map(({ column, present, values }) => ({
        name: column,
        words: shownLine(column, 60),
        on: present < 1 ? `on ${percent(present)}` : '',
        values: values.slice(0, 8).map(({ value, share }) => ({
          words: shownLine(value, 60) || '(empty)',
          share,
          percent: percent(share),
        })),
      })),
  );
}
