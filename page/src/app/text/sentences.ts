import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import { shownLine } from './shown';

/** Sentences as a list: the first few, and all of them when they are asked for. */
@Component({
  selector: 'lab-sentences',
  template: `
    <ul>
      @for (line of shown(); track $index) {
        <li>{{ line }}</li>
      } @empty {
        <li>{{ none() }}</li>
      }
    </ul>
    @if (lines().length > few() && !all()) {
      <button type="button" class="button plain" (click)="all.set(true)">Show all {{ lines().length }}</button>
    }
  `,
  styles: `
    ul {
      margin: 2px 0;
      padding-inline-start: 18px;
      font-size: 13px;
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Sentences {
  readonly lines = input.required<readonly string[]>();
  /** what stands there instead when there are none */
  readonly none = input.required<string>();
  readonly few = input.required<number>();
  protected readonly all = signal(false);
  protected readonly shown = computed(() =>
    this.lines()
      .slice(0, this.all() ? undefined : this.few())
      .map((line) => shownLine(line, 400)),
  );
}
