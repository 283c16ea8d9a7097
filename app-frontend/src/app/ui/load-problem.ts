import { HttpErrorResponse } from '@angular/common/http';
import { Component, computed, input, output } from '@angular/core';
import { explainError } from '../api/explain-error';

/** Stands where content should be that could not be loaded, and offers to try again where that may help. */
@Component({
  selector: 'app-load-problem',
  template: `
    <div class="card empty" role="alert">
      <p>{{ text() }}</p>
      @if (mayPass()) {
        <button type="button" class="button quiet" (click)="again.emit()">Try again</button>
      }
    </div>
  `,
})
export class LoadProblem {
  readonly error = input.required<unknown>();
  readonly again = output();

  protected readonly text = computed(() => explainError(this.error()));

  /** Who asks for what is not there, or for nothing that there can be, gets the same answer the next time. */
  protected readonly mayPass = computed(() => {
    const error = this.error();
    return !(error instanceof HttpErrorResponse && [400, 404].includes(error.status));
  });
}
