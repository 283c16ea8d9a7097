import { Component, computed, input, output } from '@angular/core';
import { explainError } from '../api/explain-error';

/** Stands where content should be that could not be loaded, and offers to try again. */
@Component({
  selector: 'app-load-problem',
  template: `
    <div class="card empty" role="alert">
      <p>{{ text() }}</p>
      <button type="button" class="button quiet" (click)="again.emit()">Try again</button>
    </div>
  `,
})
export class LoadProblem {
  readonly error = input.required<unknown>();
  readonly again = output();

  protected readonly text = computed(() => explainError(this.error()));
}
