import { EXIT_CODES, WorkshopError } from '@workshop/base';
import { type CompactSpans, expandSpans, type Span } from '@workshop/telemetry';
import type {
  CriticalPath,
  SelectionComparison,
  ServiceGraph,
  SloList,
  TraceSearch,
  TraceSummary,
} from '../api/index.ts';
import type { Filter, QueryResult, QuerySpec } from '../query/index.ts';

/** A result, with the lab's notes on it when it has any. */
export type NotedResult = QueryResult & { notes?: string[] };

/** Talks to the lab that runs on this machine. */
export class LabClient {
  readonly url: string;

  /** @param env LAB_URL says where the lab is, when it is not at its usual port */
  constructor(env: NodeJS.ProcessEnv) {
    this.url = (env.LAB_URL ?? 'http://127.0.0.1:4000').replace(/\/$/, '');
  }

  query(query: unknown, options: { disableSeries?: boolean } = {}): Promise<NotedResult> {
    return this.#call(`/api/query${options.disableSeries ? '?disable_series' : ''}`, query);
  }

  traces(search: TraceSearch): Promise<{ traces: TraceSummary[]; trouble: string[] }> {
    return this.#call(`/api/traces?${parametersOf(search)}`);
  }

  criticalPath(id: string): Promise<CriticalPath> {
    return this.#call(`/api/traces/${encodeURIComponent(id)}/critical-path`);
  }

  /** @param range Unix milliseconds */
  serviceGraph(range: { start?: number; end?: number }): Promise<ServiceGraph> {
    return this.#call(`/api/service-graph?${parametersOf(range)}`);
  }

  compareSelection(query: QuerySpec, filters: readonly Filter[]): Promise<SelectionComparison> {
    return this.#call('/api/compare-selection', { query, selection: { filters } });
  }

  /** The services that sent spans in the last week. */
  async services(): Promise<string[]> {
    const query = { time_range: 604_800, breakdowns: ['service.name'], orders: [{ column: 'service.name' }] };
    const { data } = await this.query(query, { disableSeries: true });
    return data.results.flatMap((row) =>
      row.data['service.name'] === null ? [] : [String(row.data['service.name'])],
    );
  }

  slos(): Promise<SloList> {
    return this.#call('/api/slos');
  }

  async trace(id: string): Promise<Span[]> {
    return expandSpans(await this.#call<CompactSpans>(`/api/traces/${encodeURIComponent(id)}`));
  }

  async #call<T>(path: string, body?: unknown): Promise<T> {
    const init =
      body === undefined
        ? {}
        : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    let response: Response;
    try {
      response = await fetch(this.url + path, init);
    } catch (error) {
      throw new WorkshopError(`No lab answers at ${this.url}.`, {
        exitCode: EXIT_CODES.failed,
        whatToDo: 'Start it with "npm start", or alone with "npm run lab".',
        cause: error,
      });
    }
    const answer = (await response.json().catch(() => null)) as { detail?: string } | null;
    if (response.ok && answer !== null) return answer as T;
    const exitCode = EXIT_CODES.failed;
    throw new WorkshopError(answer?.detail ?? `The lab answered ${response.status} at ${path}.`, {
      exitCode,
    });
  }
}

function parametersOf(values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
}
