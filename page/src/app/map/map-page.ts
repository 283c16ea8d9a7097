import { httpResource } from '@angular/common/http';
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  input,
  linkedSignal,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { labProblem } from '../lab/lab-api';
import { type Filter, type QuerySpec, queryText } from '../query/spec';
import { Address } from '../shell/address';
import { shownLine } from '../text/shown';
import { formatDuration } from '../text/time';
import { ElementSize } from '../waterfall/element-size';
import { type MapCall, type MapNode, placed } from './layout';

interface ServiceGraph {
  nodes: MapNode[];
  dependencies: MapCall[];
}

const RANGES: readonly [seconds: number, words: string][] = [
  [600, 'last 10 minutes'],
  [3_600, 'last hour'],
  [7_200, 'last 2 hours'],
  [86_400, 'last day'],
  [604_800, 'last 7 days'],
];
const DEFAULT_RANGE_S = 7_200;
/** Below it the map leads from top to bottom, pixels. */
const NARROW = 640;

/** Which service calls which, how often, how slowly, and with how many errors. Each leads to its query. */
@Component({
  selector: 'lab-map-page',
  imports: [RouterLink],
  templateUrl: './map-page.html',
  styleUrl: './map-page.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MapPage {
  /** of the address: how far back, seconds */
  readonly range = input<string>();

  readonly #address = inject(Address);
  protected readonly frame = viewChild.required<ElementRef<HTMLElement>>('frame');
  readonly #size = new ElementSize(this.frame);
  protected readonly ranges = RANGES;
  protected readonly seconds = computed(() => {
    const seconds = Number(this.range());
    return RANGES.some(([one]) => one === seconds) ? seconds : DEFAULT_RANGE_S;
  });
  protected readonly graph = httpResource<ServiceGraph>(() => {
    const end = Date.now();
    return { url: '/api/service-graph', params: { start: end - this.seconds() * 1_000, end } };
  });
  /** kept while it is asked for again */
  protected readonly shown = linkedSignal<ServiceGraph | undefined, ServiceGraph | null>({
    source: () => (this.graph.hasValue() ? this.graph.value() : undefined),
    computation: (graph, before) => graph ?? before?.value ?? null,
  });
  protected readonly problem = computed(() => {
    const error = this.graph.error();
    return error ? labProblem(error) : null;
  });
  protected readonly drawing = computed(() => {
    const graph = this.shown();
    const width = this.#size.width();
    if (!graph || graph.nodes.length === 0 || width === 0) return null;
    const { nodes, calls, ...size } = placed(graph.nodes, graph.dependencies, width < NARROW);
    return {
      ...size,
      nodes: nodes.map((one) => ({ ...one, ...this.#nodeWords(one.node), q: this.#queryOfNode(one.node) })),
      calls: calls.map((one) => ({ ...one, ...this.#callWords(one.call), q: this.#queryOfCall(one.call) })),
    };
  });
  protected readonly rows = computed(() =>
    (this.shown()?.dependencies ?? []).map((call) => ({
      ...this.#callWords(call),
      parent: line(call.parent_node.name),
      child: line(call.child_node.name),
      via: call.via === 'link' ? 'by a link' : '',
      count: call.call_count,
      errors: call.error_count,
      p95: call.p95_ms === null ? '–' : formatDuration(call.p95_ms),
      q: this.#queryOfCall(call),
    })),
  );

  protected setRange(value: string): void {
    this.#address.push({ range: value });
  }

  #nodeWords({ name, spanCount, errorCount }: MapNode) {
    return {
      name: line(name) || '(no name)',
      about: `${spanCount} ${spanCount === 1 ? 'span' : 'spans'}`,
      errors: errorCount > 0 ? `${errorCount} ${errorCount === 1 ? 'error' : 'errors'}` : '',
    };
  }

  #callWords({ parent_node, child_node, call_count, error_count, p95_ms, via }: MapCall) {
    const calls = `${call_count} ${call_count === 1 ? 'call' : 'calls'}`;
    const p95 = p95_ms === null ? '' : `P95 ${formatDuration(p95_ms)}`;
    const errors = error_count > 0 ? `${error_count} ${error_count === 1 ? 'error' : 'errors'}` : '';
    const ends = `${line(parent_node.name)} to ${line(child_node.name)}`;
    return {
      calls,
      p95,
      failed: errors,
      isLink: via === 'link',
      ends,
    };
  }

  #queryOfNode({ name, type }: MapNode): string {
    const column = type === 'database' ? 'db.system.name' : 'service.name';
    return this.#query([{ column, op: '=', value: name }], ['name']);
  }

  #queryOfCall({ parent_node, child_node, via }: MapCall): string {
    const caller = { op: '=', value: parent_node.name };
    if (child_node.type === 'database')
      return this.#query(
        [
          { column: 'service.name', ...caller },
          { column: 'db.system.name', op: '=', value: child_node.name },
        ],
        ['name'],
      );
    const called = { column: 'service.name', op: '=', value: child_node.name };
    // The other end of a link is in no relation that a query knows; those who are called that way are.
    const filters = via === 'link' ? [called] : [called, { column: 'parent.service.name', ...caller }];
    return this.#query(filters, ['name']);
  }

  #query(filters: Filter[], breakdowns: string[]): string {
    const query: QuerySpec = {
      calculations: [
        { op: 'HEATMAP', column: 'duration_ms' },
        { op: 'COUNT' },
        { op: 'P95', column: 'duration_ms' },
      ],
      breakdowns,
      filters,
      orders: [{ op: 'P95', column: 'duration_ms', order: 'descending' }],
      time_range: this.seconds(),
    };
    return queryText(query);
  }
}

function line(text: string): string {
  return shownLine(text, 80);
}
