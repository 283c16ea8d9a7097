import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import type { Box } from '../charts/heatmap-chart';

/** The box of a heatmap in fields: for the keyboard, and for a screen without room to drag. */
@Component({
  selector: 'lab-selection-fields',
  template: `
    <form (submit)="submit($event, low.value, high.value, from.value, to.value)">
      <label>slower than <input class="field" #low type="number" step="any" min="0" [value]="round(box().low)" /> ms</label>
      <label>quicker than <input class="field" #high type="number" step="any" min="0" [value]="round(box().high)" /> ms</label>
      <label>from <input class="field time" #from type="time" step="1" [value]="clock(box().fromMs)" /></label>
      <label>to <input class="field time" #to type="time" step="1" [value]="clock(box().toMs)" /></label>
      <button type="submit" class="button">What is different?</button>
      @if (chosen()) {
        <button type="button" class="button plain" (click)="cleared.emit()">Clear</button>
      }
    </form>
  `,
  styles: `
    form {
      display: flex;
      flex-wrap: wrap;
      gap: 6px 12px;
      align-items: center;
    }

    label {
      color: var(--ink-soft);
      white-space: nowrap;
    }

    .field {
      inline-size: 88px;
      min-block-size: 30px;
    }

    .time {
      inline-size: 134px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SelectionFields {
  /** what is chosen now; of a part that is not there all counts */
  readonly selection = input<Partial<Box> | null>(null);
  /** the time of the heatmap, Unix milliseconds: a time of day lies in it */
  readonly within = input.required<{ fromMs: number; toMs: number }>();
  readonly changed = output<Partial<Box>>();
  readonly cleared = output();

  protected readonly box = computed<Partial<Box>>(() => this.selection() ?? {});
  protected readonly chosen = computed(() => this.selection() !== null);

  protected submit(event: Event, low: string, high: string, from: string, to: string): void {
    event.preventDefault();
    const box: Partial<Box> = {
      ...(low !== '' && { low: Number(low) }),
      ...(high !== '' && { high: Number(high) }),
      ...(from !== '' && { fromMs: this.#moment(from) }),
      ...(to !== '' && { toMs: this.#moment(to) }),
    };
    if (Object.keys(box).length > 0) this.changed.emit(box);
  }

  protected round(value: number | undefined): string {
    return value === undefined ? '' : String(Math.round(value * 100) / 100);
  }

  protected clock(ms: number | undefined): string {
    return ms === undefined ? '' : new Date(ms).toTimeString().slice(0, 8);
  }

  /** The last moment of the heatmap's time at which the clock showed this. */
  #moment(clock: string): number {
    const { toMs } = this.within();
    const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
    const date = new Date(toMs);
    date.setHours(hours, minutes, seconds, 0);
    if (date.getTime() > toMs) date.setDate(date.getDate() - 1);
    return date.getTime();
  }
}
