import { EXIT_CODES, WorkshopError } from '@workshop/base';
import { type CompactSpans, expandSpans, type Span } from '@workshop/telemetry';
import type { SloList, TraceSummary } from '../api/index.ts';
import type { QueryResult } from '../query/index.ts';

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

  async traces(options: {
    limit?: number;
    service?: string;
  }): Promise<{ traces: TraceSummary[]; trouble: string[] }> {
    const parameters = new URLSearchParams();
    if (options.limit !== undefined) parameters.set('limit', String(options.limit));
    if (options.service !== undefined) parameters.set('service', options.service);
    return this.#call(`/api/traces?${parameters}`);
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
