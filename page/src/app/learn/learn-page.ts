import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** One exercise: its task, its checks, its trace. */
@Component({
  selector: 'lab-learn-page',
  template: `<h1>Exercise {{ id() }}</h1>`,
  styles: `
    :host {
      display: block;
      padding: 16px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LearnPage {
  /** from the address */
  readonly id = input.required<string>();
}
