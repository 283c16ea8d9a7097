import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { shownLine } from '../text/shown';
import type { FilePlace } from './learn-api';
import { MessageText } from './message-text';
import type { ReportedFailure } from './shapes';

/** What a failing check says, in its slots. */
@Component({
  selector: 'lab-failure',
  imports: [MessageText],
  template: `
    <dl>
      <div>
        <dt>Saw</dt>
        <dd><lab-message-text [text]="failure().saw" (opened)="opened.emit($event)" (heading)="heading.emit($event)" /></dd>
      </div>
      <div>
        <dt>Wanted</dt>
        <dd><lab-message-text [text]="failure().wanted" (opened)="opened.emit($event)" (heading)="heading.emit($event)" /></dd>
      </div>
      @if (failure().cause; as cause) {
        <div>
          <dt>Cause</dt>
          <dd><lab-message-text [text]="cause" (opened)="opened.emit($event)" (heading)="heading.emit($event)" /></dd>
        </div>
      }
      <div>
        <dt>Look</dt>
        <dd><lab-message-text [text]="failure().look" (opened)="opened.emit($event)" (heading)="heading.emit($event)" /></dd>
      </div>
    </dl>
    @if (failure().output.length > 0) {
      <p class="soft">Your own program said:</p>
      <pre tabindex="0" aria-label="Lines of your program">@for (line of failure().output; track $index) {<lab-message-text [text]="line" (opened)="opened.emit($event)" />{{ '\\n' }}}</pre>
    }
    @for (table of failure().tables; track $index) {
      <div class="table" tabindex="0" role="group" [attr.aria-label]="shown(table.title)">
        <table>
          <caption>{{ shown(table.title) }}</caption>
          <thead>
            <tr>
              @for (column of table.columns; track $index) {
                <th scope="col">{{ shown(column) }}</th>
              }
            </tr>
          </thead>
          <tbody>
            @for (row of table.rows; track $index) {
              <tr>
                @for (cell of row; track $index) {
                  <td>{{ shown(cell) }}</td>
                }
              </tr>
            }
          </tbody>
        </table>
      </div>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 6px;
      font-size: 13px;
    }

    dl {
      display: grid;
      gap: 6px;
      margin: 0;
    }

    dl > div {
      display: grid;
      grid-template-columns: 58px minmax(0, 1fr);
      gap: 6px;
    }

    dt {
      color: var(--ink-soft);
      font-weight: 600;
    }

    dd {
      margin: 0;
    }

    pre,
    .table {
      margin: 0;
      padding: 6px 8px;
      overflow-x: auto;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--paper);
      font-size: 12px;
      line-height: 1.45;
    }

    table {
      border-collapse: collapse;
    }

    caption {
      color: var(--ink-soft);
      text-align: start;
    }

    th,
    td {
      padding: 2px 10px 2px 0;
      text-align: start;
      white-space: nowrap;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Failure {
  readonly failure = input.required<ReportedFailure>();
  readonly opened = output<FilePlace>();
  readonly heading = output<string>();
  protected readonly shown = shownLine;
}
