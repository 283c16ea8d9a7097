import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject } from '@angular/core';
import { LabLive } from '../lab/lab-live';
import { shownLine, shownText } from '../text/shown';
import { SloApi, type SloState } from './slo-api';

/** New spans change a budget; with load they come several times a second. */
const AGAIN_MS = 5_000;

/** Each SLO with what is left of its budget and how fast it goes. Without an SLO it shows nothing. */
@Component({
  selector: 'lab-slo-list',
  templateUrl: './slo-list.html',
  styleUrl: './slo-list.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SloListView {
  readonly #list = inject(SloApi).list();
  protected readonly list = computed(() => (this.#list.hasValue() ? this.#list.value() : null));
  #timer = 0;

  constructor() {
    const live = inject(LabLive);
    live.on('burn-alert', () => this.#list.reload());
    live.on('traces', () => this.#reloadSoon());
    inject(DestroyRef).onDestroy(() => clearTimeout(this.#timer));
  }

  #reloadSoon(): void {
    if (this.#timer !== 0) return;
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      this.#list.reload();
    }, AGAIN_MS);
  }

  protected line(text: string): string {
    return shownLine(text, 400);
  }

  protected text(text: string): string {
    return shownText(text, 1_000);
  }

  /** Width of the bar, percent. */
  protected left({ budget_remaining: left }: SloState): number {
    return Math.min(100, Math.max(0, left ?? 0));
  }

  protected isSpent({ budget_remaining: left }: SloState): boolean {
    return left !== null && left <= 0;
  }

  protected budget({ budget_remaining: left }: SloState): string {
    if (left === null) return 'No event yet';
    if (left > 0) return `${amount(left)} % of the budget left`;
    return left === 0 ? 'The budget is spent' : `The budget is spent, and ${amount(-left)} % more`;
  }

  protected period({ slo }: SloState): string {
    const days = slo.time_period_days === 1 ? 'day' : `${slo.time_period_days} days`;
    return `${amount(slo.target_per_million / 10_000)} % of the last ${days}`;
  }

  protected number(value: number | null): string {
    return value === null ? '–' : amount(value);
  }
}

/** At most two digits behind the point. */
function amount(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 2 });
}
