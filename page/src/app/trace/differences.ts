import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Sentences } from '../text/sentences';

/** What differs between the trace and the one that was laid over it, in sentences. */
@Component({
  selector: 'lab-differences',
  imports: [RouterLink, Sentences],
  template: `
    <p>
      <strong>{{ words() }}</strong>
      <a [routerLink]="['/trace', other()]" [queryParams]="{ with: id() }">Turn round</a>
      <a [routerLink]="['/trace', id()]">Stop comparing</a>
    </p>
    <lab-sentences [lines]="lines()" [few]="4" none="The same steps, with the same attributes. Only times differ." />
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
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Differences {
  readonly id = input.required<string>();
  readonly other = input.required<string>();
  readonly lines = input.required<readonly string[]>();
  /** durations of both, in words */
  readonly words = input.required<string>();
}
