import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { labProblem } from '../lab/lab-api';
import { HeatmapChart } from '../query/charts/heatmap-chart';
import { LineChart } from '../query/charts/line-chart';
import { QueryApi, type SavedQuery } from '../query/query-api';
import { ResultTable } from '../query/result-table';
import { heatmapOf, keysOf, linesOf } from '../query/results';
import { calculationsOf, listOf, type Order, queryText, resultKey } from '../query/spec';
import { shownLine } from '../text/shown';

const CHART_HEIGHT = 190;

/** One saved query as a panel: a graph, a table, or both, as Honeycomb's board would show it. */
@Component({
  selector: 'lab-board-card',
  imports: [HeatmapChart, LineChart, ResultTable, RouterLink],
  templateUrl: './board-card.html',
  styleUrl: './board-card.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BoardCard {
  readonly saved = input.required<SavedQuery>();

  protected readonly height = CHART_HEIGHT;
  protected readonly answered = inject(QueryApi).query(() => this.saved().query);
  protected readonly answer = computed(() => (this.answered.hasValue() ? this.answered.value() : null));
  protected readonly problem = computed(() => {
    const error = this.answered.error();
    return error ? labProblem(error).text || 'The lab did not answer.' : '';
  });
  protected readonly about = computed(() => {
    const { name, description, dataset, file } = this.saved();
    const where = dataset === '__all__' ? 'all datasets' : `dataset ${dataset}`;
    return {
      name: shownLine(name, 320),
      description: shownLine(description, 1_023),
      where: shownLine(`queries/${file} · in Honeycomb: ${where}`, 240),
    };
  });
  protected readonly link = computed(() => ({
    q: queryText(this.saved().query),
    file: this.saved().file.replace(/\.json$/, ''),
  }));
  protected readonly empty = computed(() => this.answer()?.data.results.length === 0);
  protected readonly hasGraph = computed(() => this.saved().style !== 'table');
  protected readonly heatmap = computed(() => {
    const answer = this.answer();
    return answer && this.hasGraph() ? heatmapOf(answer) : null;
  });
  /** What the query is sorted by says the most. */
  protected readonly key = computed(() => {
    const answer = this.answer();
    const keys = answer ? keysOf(answer) : [];
    const [order] = listOf<Order>(this.saved().query, 'orders');
    const sorted = calculationsOf(this.saved().query).find(
      ({ op, column }) => op === order?.op && column === order.column,
    );
    return keys.find((key) => sorted && key === resultKey(sorted)) ?? keys[0] ?? '';
  });
  protected readonly lines = computed(() => {
    const answer = this.answer();
    return answer && this.hasGraph() && this.key() ? linesOf(answer, this.key()) : null;
  });
}
