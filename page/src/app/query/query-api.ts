import { HttpClient, httpResource } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import type { Filter, QuerySpec } from './spec';

export interface HeatmapCell {
  counts: number[];
  min_value: number;
  max_value: number;
  step_size: number;
}
export type ResultValue = string | number | boolean | null | HeatmapCell;
export type ResultData = Record<string, ResultValue>;
export interface Results {
  series: { time: string; data: ResultData }[];
  results: { data: ResultData }[];
}
export interface QueryAnswer {
  query: QuerySpec;
  data: Results;
  comparison?: Results & { offset_seconds: number };
  notes?: string[];
}

export interface Column {
  key_name: string;
  type: 'string' | 'float' | 'integer' | 'boolean';
}

/** What a selected span satisfies; times are Unix milliseconds. */
export interface Selection {
  filters: Filter[];
  startMs?: number;
  endMs?: number;
}

export interface ValueShare {
  value: string | null;
  selectedShare: number;
  restShare: number;
}
export interface Threshold {
  op: '>=' | '<';
  value: number;
  selectedShare: number;
  restShare: number;
}
export interface Difference {
  column: string;
  score: number;
  distinct: number;
  values: ValueShare[];
  threshold?: Threshold;
}
export interface SelectionComparison {
  selected: number;
  rest: number;
  rootsOnly: boolean;
  sampled: { selected: number; rest: number };
  note?: string;
  differences: Difference[];
}

export interface Distributions {
  spans: number;
  sampled: number;
  columns: {
    column: string;
    present: number;
    distinct: number;
    values: { value: string; share: number }[];
  }[];
}

export interface SavedQuery {
  file: string;
  name: string;
  description: string;
  query: QuerySpec;
  version: string;
  style: string;
  dataset: string;
}
export interface SavedQueries {
  /** null: this lab has none, and nothing can be saved */
  folder: string | null;
  board: string;
  queries: SavedQuery[];
  problems: { file: string; text: string }[];
}
export interface Saved {
  file: string;
  version: string;
  kept: string | null;
}
export interface HistoryEntry {
  query: QuerySpec;
  at: string;
  times: number;
}

/** The lab takes nothing from a page that cannot set it: any page of another origin. */
const WRITING = { 'x-murmur-lab': '1', 'content-type': 'application/json' };

/** Every question about many spans, and what is kept of them. Answers have the shapes of the lab's schemas. */
@Injectable({ providedIn: 'root' })
export class QueryApi {
  readonly #http = inject(HttpClient);
  /** asked once for the page */
  readonly columns = httpResource<Column[]>(() => '/api/columns', { defaultValue: [] });

  /** @param query undefined: ask nothing; what was asked before is cancelled, in the lab, too */
  query(query: () => QuerySpec | undefined, parameters: Record<string, string> = {}) {
    return this.#post<QueryAnswer>('/api/query', query, parameters);
  }

  compare(asked: () => { query: QuerySpec; selection: Selection } | undefined) {
    return this.#post<SelectionComparison>('/api/compare-selection', asked);
  }

  distributions(query: () => QuerySpec | undefined) {
    return this.#post<Distributions>('/api/distributions', () => {
      const asked = query();
      return asked && { query: asked };
    });
  }

  saved() {
    return httpResource<SavedQueries>(() => '/api/saved-queries');
  }

  history() {
    return httpResource<{ entries: HistoryEntry[] }>(() => '/api/query-history');
  }

  /** The rows of a query, without its series. */
  async once(query: QuerySpec): Promise<QueryAnswer> {
    const params = { disable_series: 'true' };
    return firstValueFrom(this.#http.post<QueryAnswer>('/api/query', query, { params }));
  }

  async remember(query: QuerySpec): Promise<void> {
    await firstValueFrom(this.#http.post('/api/query-history', { query }, { headers: WRITING }));
  }

  /** @param replaces version of the file that is written over; null: there is none yet */
  save(
    name: string,
    saved: { name: string; description: string; query: QuerySpec; replaces: string | null },
  ): Promise<Saved> {
    const url = `/api/saved-queries/${encodeURIComponent(name)}`;
    return firstValueFrom(this.#http.put<Saved>(url, saved, { headers: WRITING }));
  }

  async undo({ file, version, kept }: Saved): Promise<void> {
    const url = `/api/saved-queries/${encodeURIComponent(file.replace(/\.json$/, ''))}/undo`;
    await firstValueFrom(this.#http.post(url, { version, kept }, { headers: WRITING }));
  }

  #post<T>(url: string, body: () => object | undefined, params: Record<string, string> = {}) {
    return httpResource<T>(() => {
      const asked = body();
      return asked && { url, method: 'POST', body: asked, params };
    });
  }
}
