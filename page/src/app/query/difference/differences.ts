import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import type { SelectionComparison } from '../query-api';
import type { Filter } from '../spec';
import { linesOf, percent } from './sentence';

/** What is different about the selected spans: a sentence for each attribute, the largest difference first. */
@Component({
  selector: 'lab-differences',
  templateUrl: './differences.html',
  styleUrl: './differences.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Differences {
  readonly comparison = input.required<SelectionComparison>();
  /** how the selected are called: "the slow" */
  readonly selectedAre = input('the selected');
  /** filters of a query that joins its own by "or" cannot be added to */
  readonly filterable = input(true);
  readonly filtered = output<Filter[]>();
  readonly grouped = output<string>();
  readonly slowest = output<Filter[]>();

  protected readonly lines = computed(() => linesOf(this.comparison().differences));
  protected readonly percent = percent;
  protected readonly sampled = computed(() => {
    const { selected, rest, sampled } = this.comparison();
    return sampled.selected < selected || sampled.rest < rest;
  });
}
