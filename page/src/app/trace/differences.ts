import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { shownLine } from '../text/shown';

const FEW = 4;

/** What differs between the trace and the one that was laid over it, in sentences. */
@Component({
  selector: 'lab-differences',
  imports: [RouterLink],
  template: `
    <p>
      <strong>{{ words() }}</strong>
      <a [routerLink]="['/trace', other()]" [queryParams]="{ with: id() }">Turn round</a>
      <a [routerLink]="['/trace', id()]">Stop comparing</a>
    </p>
    <ul>
      @for (line of shown(); track $index) {
        <li>{{ line }}</li>
      } @empty {
        <li>The same steps, with the same attributes. Only times differ.</li>
      }
    </ul>
    @if (lines().length > few && !all()) {
      <button type="button" class="button plain" (click)="all.set(true)">Show all {{ lines().length }}</button>
    }
  `,
  styles: `
    :host {
      display: block;
      max-block-size: 30vh;
      padding: 6px 14px;
      border-block-end: 1px solid var(--line);
      background: var(--accent-wash);
      overflow: auto;
    }

    @media (max-width: 38rem) {
      :host {
        max-block-size: 20vh;
      }
    }

    p {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 16px;
    }

    ul {
      margin: 2px 0;
      padding-inline-start: 18px;
      font-size: 13px;
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Differences {
  readonly id = input.required<string>();
  readonly other = input.required<string>();
  readonly lines = input.required<readonly string[]>();
  /** durations of both, in words */
  readonly words = input.required<string>();
  protected readonly few = FEW;
  protected readonly all = signal(false);
  protected readonly shown = computed(() =>
    this.lines()
      .slice(0, this.all() ? undefined : FEW)
      .map((line) => shownLine(line, 400)),
  );
}
