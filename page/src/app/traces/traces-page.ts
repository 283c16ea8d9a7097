import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LabApi } from '../lab/lab-api';

@Component({
  selector: 'lab-traces-page',
  imports: [RouterLink],
  template: `
    <h1>Traces</h1>
    <ol>
      @if (traces.hasValue()) {
        @for (trace of traces.value().traces; track trace.traceId) {
          <li><a [routerLink]="['/trace', trace.traceId]">{{ trace.name }}</a></li>
        }
      }
    </ol>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TracesPage {
  protected readonly traces = inject(LabApi).traces(() => ({ limit: 50 }));
}
