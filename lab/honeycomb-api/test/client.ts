import assert from 'node:assert/strict';
import { until } from '@workshop/base';

export interface Answer {
  status: number;
  type: string;
  body: Record<string, unknown>;
  headers: Headers;
}

type Data = Record<string, unknown>;
export interface Result {
  complete: boolean;
  error?: string;
  query: Data;
  data?: { results: { data: Data }[]; series: { time: string; data: Data }[]; total_by_aggregate?: object };
}

/** Sends one request to Honeycomb's API on a lab, as its clients do. */
export class ApiClient {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async ask(
    method: string,
    to: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await fetch(this.url + to, {
      method,
      headers: { 'x-honeycomb-team': 'any', ...headers },
      body:
        body === undefined
          ? undefined
          : body instanceof Uint8Array
            ? Buffer.from(body)
            : JSON.stringify(body),
    });
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
    const text = await answer.text();
    return {
      status: answer.status,
      type,
      body: text === '' ? {} : JSON.parse(text),
      headers: answer.headers,
    };
  }

  /** The result of a query, the way that a client of the Query Data API gets it. */
  async resultOf(dataset: string, query: object, options: object = {}): Promise<Result> {
    const made = await this.ask('POST', `/1/queries/${dataset}`, query);
    assert.equal(made.status, 200, JSON.stringify(made.body));
    const created = await this.ask('POST', `/1/query_results/${dataset}`, {
      query_id: made.body.id,
      ...options,
    });
    assert.equal(created.status, 201, JSON.stringify(created.body));
    assert.equal(created.body.complete, false);
    const at = new URL(created.headers.get('location') ?? '').pathname;
    let result: Answer | null = null;
    const isComplete = async (): Promise<boolean> => {
      result = await this.ask('GET', at);
      return result.body.complete === true;
    };
    assert.ok(await until(isComplete, { maxMs: 20_000, everyMs: 20 }), 'the query did not end');
    return (result as unknown as { body: Result }).body;
  }

  /** The data of its results. */
  async rowsOf(dataset: string, query: object): Promise<Data[]> {
    const { data } = await this.resultOf(dataset, query, { disable_series: true });
    return (data?.results ?? []).map((row) => row.data);
  }
}
