import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { MessageText } from './message-text';
import type { ReportedCheck } from './shapes';

/** What a check saw beside what it wanted, over the details of the span that it speaks of. */
@Component({
  selector: 'lab-evidence',
  imports: [MessageText],
  template: `
    @if (check().failure; as failure) {
      <h2>
        {{ check().number }}
        @if (absent(); as key) {
          <span class="absent">{{ key }} is not on this span</span>
        }
      </h2>
      <div class="sides">
        <section>
          <h3>Seen</h3>
          <p><lab-message-text [text]="failure.saw" /></p>
        </section>
        <section>
          <h3>Wanted</h3>
          <p><lab-message-text [text]="failure.wanted" /></p>
        </section>
      </div>
    }
  `,
  styles: `
    :host {
      display: block;
      padding: 8px 14px;
      border-block-end: 1px solid var(--line);
      background: var(--surface);
      font-size: 13px;
    }

    h2 {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 8px;
      align-items: center;
      margin-block-end: 4px;
      font-size: 13px;
    }

    .sides {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(220px, 100%), 1fr));
      gap: 6px 20px;
    }

    section {
      padding-inline-start: 8px;
      border-inline-start: 3px solid var(--line-strong);
    }

    section + section {
      border-inline-start: 3px dashed var(--accent);
    }

    .absent {
      display: inline-block;
      padding: 0 6px;
      border: 1px dashed var(--warning);
      border-radius: 4px;
      color: var(--warning);
      font-weight: 400;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Evidence {
  readonly check = input.required<ReportedCheck>();
  /** key of the attribute that is missed on the open span */
  readonly absent = input<string | null>(null);
}
