import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { shownLine } from '../../text/shown';

/** What is wrong with one clause of a query. */
export interface ClauseProblem {
  /** path in the query: `filters[2].op` */
  field: string;
  text: string;
  /** how it would be right */
  instead?: { was: string; is: string };
  /** it runs, but not as meant */
  isNote: boolean;
}

/** The problems of one clause, below it. */
@Component({
  selector: 'lab-clause-problems',
  template: `
    @for (problem of problems(); track $index) {
      <p [class.note]="problem.isNote" [id]="id()">
        {{ line(problem.text) }}
        @if (problem.instead; as instead) {
          <button type="button" class="button" (click)="mended.emit(instead)">Use {{ line(instead.is) }}</button>
        }
      </p>
    }
  `,
  styles: `
    p {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      align-items: center;
      margin-block-start: 4px;
      padding: 3px 8px;
      border-inline-start: 3px solid var(--danger);
      background: var(--danger-wash);
    }

    .note {
      border-color: var(--warning);
      background: var(--warning-wash);
    }

    .button {
      min-block-size: 24px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ClauseProblems {
  readonly problems = input.required<readonly ClauseProblem[]>();
  readonly id = input<string | null>(null);
  readonly mended = output<{ was: string; is: string }>();

  protected line(text: string): string {
    return shownLine(text, 400);
  }
}

/** Those of a clause: of the list's item, or of any part of it. */
export function problemsOf(all: readonly ClauseProblem[], path: string): ClauseProblem[] {
  return all.filter(
    ({ field }) => field === path || field.startsWith(`${path}.`) || field.startsWith(`${path}[`),
  );
}
