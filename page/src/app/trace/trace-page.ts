import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { LabApi } from '../lab/lab-api';

@Component({
  selector: 'lab-trace-page',
  template: `
    <h1>Trace {{ id() }}</h1>
    @if (trace.hasValue()) {
      <p>{{ trace.value().spans.length }} spans</p>
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TracePage {
  readonly id = input.required<string>();
  protected readonly trace = inject(LabApi).trace(() => this.id());
}
