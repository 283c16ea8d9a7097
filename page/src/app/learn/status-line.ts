import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { shownText } from '../text/shown';
import { Sign, type SignName } from './sign';
import type { StatusWords } from './status-words';

const SIGNS: Record<StatusWords['kind'], SignName> = {
  none: 'dot',
  pending: 'turning',
  stale: 'stale',
  passed: 'pass',
  answer: 'answer',
  open: 'ring',
  trouble: 'trouble',
  stopped: 'trouble',
  lost: 'trouble',
};

/** One line: what the grader does, or what it said; one button that goes on. Its height is reserved. */
@Component({
  selector: 'lab-status-line',
  imports: [Sign],
  template: `
    <div class="line">
      <p role="status" [attr.data-kind]="status().kind">
        <lab-sign class="sign" [name]="sign()" />
        <span class="words"
          ><strong>{{ status().head }}</strong> {{ status().rest }}</span
        >
      </p>
      @if (status().kind === 'answer') {
        <button type="button" class="button" (click)="answer.emit()">Answer</button>
      } @else if (gradable() && status().kind !== 'stopped') {
        <button type="button" class="button" [disabled]="status().kind === 'pending'" (click)="grade.emit()">
          Grade now
        </button>
      }
    </div>
    <div class="steps" aria-hidden="true">
      @for (step of steps(); track $index) {
        <span [class.done]="step"></span>
      }
    </div>
    @if (status().lines) {
      <details>
        <summary>What happened</summary>
        <pre tabindex="0">{{ shown(status().lines) }}</pre>
      </details>
    }
  `,
  styles: `
    :host {
      display: block;
      border-block-end: 1px solid var(--line);
      background: var(--surface);
    }

    .line {
      display: flex;
      gap: 10px;
      align-items: center;
      min-block-size: 44px;
      padding: 6px 14px 4px;
    }

    p {
      display: flex;
      flex: 1;
      gap: 8px;
      min-inline-size: 0;
    }

    .sign {
      margin-block-start: 2px;
      color: var(--ink-soft);
    }

    [data-kind="passed"] .sign {
      color: var(--good);
    }

    [data-kind="answer"] .sign,
    [data-kind="pending"] .sign {
      color: var(--accent);
    }

    :is([data-kind="trouble"], [data-kind="stopped"], [data-kind="lost"]) :is(.sign, strong) {
      color: var(--warning);
    }

    .words {
      min-inline-size: 0;
      overflow-wrap: anywhere;
    }

    .steps {
      display: flex;
      gap: 2px;
      block-size: 4px;
    }

    .steps span {
      flex: 1;
      background: var(--line);
    }

    .steps .done {
      background: var(--accent);
    }

    details {
      padding: 0 14px 8px;
      font-size: 13px;
    }

    pre {
      max-block-size: 200px;
      overflow: auto;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }

    @media (prefers-reduced-motion: no-preference) {
      .steps span {
        transition: background-color 0.15s;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StatusLine {
  readonly status = input.required<StatusWords>();
  readonly gradable = input.required<boolean>();
  readonly grade = output();
  /** to the question */
  readonly answer = output();

  protected readonly sign = computed(() => SIGNS[this.status().kind]);
  /** Empty unless a grading runs; the room for it is always there. */
  protected readonly steps = computed(() => {
    const { step, kind } = this.status();
    if (kind !== 'pending') return [];
    return Array.from({ length: step?.of ?? 4 }, (_, at) => at < (step?.step ?? 0));
  });
  protected readonly shown = (text: string) => shownText(text, 4_000);
}
