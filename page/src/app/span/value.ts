import { ChangeDetectionStrategy, Component, computed, input, linkedSignal } from '@angular/core';
import { LONGEST_SHOWN, LONGEST_VALUE, shownText } from '../text/shown';

/**
 * A value of a span, as text and nothing else: addresses are no links, and what a browser would obey stands there as
 * its code. Long ones are cut until somebody asks for all of it.
 */
@Component({
  selector: 'lab-value',
  template: `
    <span class="value">{{ shown() }}</span>
    @if (text().length > limit()) {
      @if (limit() < most) {
        <button type="button" class="button plain" (click)="limit.set(most)">
          Show all {{ text().length }} characters
        </button>
      } @else {
        <span class="soft"> … cut after {{ most }} of {{ text().length }} characters</span>
      }
    }
  `,
  styles: `
    .value {
      font-family: var(--mono);
      font-size: 12px;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Value {
  readonly text = input.required<string>();
  protected readonly most = LONGEST_SHOWN;
  protected readonly limit = linkedSignal({ source: this.text, computation: () => LONGEST_VALUE });
  protected readonly shown = computed(() => shownText(this.text(), this.limit()));
}
