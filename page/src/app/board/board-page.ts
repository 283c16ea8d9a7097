import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { labProblem } from '../lab/lab-api';
import { QueryApi } from '../query/query-api';
import { SloListView } from '../slo/slo-list';
import { shownLine } from '../text/shown';
import { BoardCard } from './board-card';

/** The saved queries as they would stand on the board in Honeycomb, each with its result of now. */
@Component({
  selector: 'lab-board-page',
  imports: [BoardCard, RouterLink, SloListView],
  templateUrl: './board-page.html',
  styleUrl: './board-page.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BoardPage {
  protected readonly list = inject(QueryApi).saved();
  protected readonly saved = computed(() => (this.list.hasValue() ? this.list.value() : null));
  protected readonly problem = computed(() => {
    const error = this.list.error();
    return error ? labProblem(error) : null;
  });

  protected line(text: string): string {
    return shownLine(text, 400);
  }
}
