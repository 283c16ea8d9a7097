import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { shownLine, shownText } from '../text/shown';
import type { CheckRow } from './check-row';
import { Failure } from './failure';
import type { FilePlace } from './learn-api';
import { Sign } from './sign';

/** The checks, one line each; the one that was chosen is expanded. */
@Component({
  selector: 'lab-check-list',
  imports: [Failure, Sign],
  templateUrl: './check-list.html',
  styleUrl: './check-list.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CheckList {
  readonly rows = input.required<readonly CheckRow[]>();
  /** id of the check that is expanded */
  readonly open = input.required<string | null>();
  /** the verdict is old: something was saved since */
  readonly old = input(false);
  /** text of what changed, by the number of the check */
  readonly changes = input<ReadonlyMap<string, string>>(new Map());
  /** whether there are hints that were not shown yet */
  readonly moreHints = input(false);
  readonly chosen = output<CheckRow>();
  readonly hint = output();
  readonly opened = output<FilePlace>();
  readonly heading = output<string>();

  protected readonly line = shownLine;
  protected readonly text = (message: string) => shownText(message, 2_000);

  protected waitsOn(row: CheckRow): CheckRow | undefined {
    return this.rows().find(({ id }) => id === row.check?.blockedBy[0]);
  }
}
