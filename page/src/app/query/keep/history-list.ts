import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  inject,
  output,
  viewChild,
} from '@angular/core';
import { shortTime } from '../../text/time';
import { QueryApi } from '../query-api';
import type { QuerySpec } from '../spec';
import { summaryOf } from '../summary';

/** The queries that ran, the newest first. The lab keeps them: they are there after a restart, in every browser. */
@Component({
  selector: 'lab-history-list',
  template: `
    <button type="button" class="button" (click)="open()">History</button>
    <dialog #dialog aria-labelledby="history-title" (click)="clicked($event)">
      <div class="inside">
        <h2 id="history-title">Queries that ran</h2>
        @if (history.hasValue() && history.value().entries.length > 0) {
          <ol>
            @for (entry of history.value().entries; track entry.at) {
              <li>
                <button type="button" class="button plain" (click)="choose(entry.query)">
                  <span class="words">{{ summary(entry.query) }}</span>
                  <span class="soft number">{{ time(entry.at) }}@if (entry.times > 1) {, {{ entry.times }} times}</span>
                </button>
              </li>
            }
          </ol>
        } @else if (history.error()) {
          <p role="alert">The lab does not answer. Start it in a terminal: <code>npm start</code></p>
        } @else {
          <p class="soft">None yet.</p>
        }
        <button type="button" class="button end" (click)="dialog.close()">Close</button>
      </div>
    </dialog>
  `,
  styleUrl: './dialog.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class HistoryList {
  readonly chosen = output<QuerySpec>();

  protected readonly history = inject(QueryApi).history();
  protected readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  protected readonly summary = summaryOf;

  protected open(): void {
    this.history.reload();
    this.dialog().nativeElement.showModal();
  }

  protected choose(query: QuerySpec): void {
    this.dialog().nativeElement.close();
    this.chosen.emit(query);
  }

  /** A click beside the box closes it. */
  protected clicked({ target }: Event): void {
    const dialog = this.dialog().nativeElement;
    if (target === dialog) dialog.close();
  }

  protected time(at: string): string {
    return shortTime(Date.parse(at));
  }
}
