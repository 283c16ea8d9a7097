import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { Prose } from './prose';
import type { Hints } from './shapes';

/** Hints, one more each time: first a question, then a pointer, then nearly the code. They cost nothing. */
@Component({
  selector: 'lab-hint-ladder',
  imports: [Prose],
  template: `
    @for (hint of hints().shown; track hint.heading; let last = $last) {
      <details [attr.open]="last ? '' : null">
        <summary>{{ hint.heading }}</summary>
        <lab-prose [html]="hint.html" (file)="file.emit($event)" (term)="term.emit($event)" />
      </details>
    }
    @if (left() > 0) {
      <button type="button" class="button" (click)="asked.emit()">
        {{ hints().shown.length === 0 ? 'Stuck? A hint' : 'One more hint' }}
        <span class="soft number">{{ hints().shown.length + 1 }} of {{ hints().total }}</span>
      </button>
    } @else {
      <p class="soft">These are all the hints.</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 8px;
      justify-items: start;
    }

    details {
      inline-size: 100%;
      padding: 8px 12px;
      border: 1px solid var(--line);
      border-radius: var(--radius);
    }

    summary {
      font-weight: 600;
      cursor: pointer;
    }

    details[open] summary {
      margin-block-end: 6px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class HintLadder {
  readonly hints = input.required<Hints>();
  readonly asked = output();
  readonly file = output<string>();
  readonly term = output<{ name: string; at: HTMLElement }>();
  protected readonly left = computed(() => this.hints().total - this.hints().shown.length);
}
