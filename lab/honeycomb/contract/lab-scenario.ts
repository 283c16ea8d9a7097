import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '@workshop/base';
import type { Span } from '@workshop/telemetry';
import { runLabProgram } from '../../cli/program.ts';
import type { SavedQuery } from '../../query/index.ts';
import { startLab } from '../../server/index.ts';
import { type RecordedExchange, recordingFetch } from './record.ts';

type Body = Record<string, unknown>;

/** A client that sends whatever it is told, and goes on after a refusal. */
class Caller {
  readonly #url: string;
  readonly #fetch: typeof fetch;

  constructor(url: string, recording: typeof fetch) {
    this.#url = url;
    this.#fetch = recording;
  }

  async call(method: string, to: string, json?: unknown): Promise<Body> {
    const headers: Record<string, string> = { 'X-Honeycomb-Team': 'contract' };
    if (json !== undefined) headers['Content-Type'] = 'application/json';
    const answer = await this.#fetch(this.#url + to, { method, headers, body: JSON.stringify(json) });
    const text = await answer.text();
    return text === '' ? {} : JSON.parse(text);
  }
}

/**
 * Every operation of Honeycomb's API that the lab has, with refusals among them: by the workshop's own commands, then one
 * by one. @param queries saved queries to push
 */
export async function recordLab(
  queries: readonly SavedQuery[],
  spans: readonly Span[],
): Promise<RecordedExchange[]> {
  const exchanges: RecordedExchange[] = [];
  const recording = recordingFetch(exchanges);
  const root = mkdtempSync(path.join(tmpdir(), 'lab-contract-'));
  const lab = await startLab({ dir: path.join(root, 'lab'), port: 0, otlpPort: 0 });
  try {
    await lab.store.write(spans);
    await runCommands(root, lab.url, queries, recording);
    await callAll(new Caller(lab.url, recording));
  } finally {
    await lab.close();
    rmSync(root, { recursive: true, force: true });
  }
  return exchanges;
}

async function runCommands(
  root: string,
  url: string,
  queries: readonly SavedQuery[],
  recording: typeof fetch,
): Promise<void> {
  mkdirSync(path.join(root, 'queries'));
  for (const [i, saved] of queries.entries())
    writeFileSync(path.join(root, 'queries', `saved-${i}.json`), JSON.stringify(saved));
  for (const command of ['check', 'push', 'push', 'pull']) {
    const errors: string[] = [];
    const code = await runLabProgram(['honeycomb', command], {
      root,
      env: { HONEYCOMB_CONFIG_KEY: 'contract', HONEYCOMB_API_ENDPOINT: url },
      out: () => {},
      err: (line) => errors.push(line),
      fetch: recording,
    });
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${errors.join('\n')}`);
  }
}

async function callAll(caller: Caller): Promise<void> {
  const call = caller.call.bind(caller);
  const dataset = '/murmur-api';
  await call('POST', '/1/datasets', { name: 'Murmur later' });
  await call('PUT', '/1/datasets/murmur-later', { description: 'Later', expand_json_depth: 0 });
  for (const slug of ['murmur-later', 'no-such']) await call('GET', `/1/datasets/${slug}`);
  await call('DELETE', '/1/datasets/murmur-api');

  const count = { calculations: [{ op: 'COUNT' }], breakdowns: ['name'], time_range: 3600 };
  const { id: query_id } = await call('POST', `/1/queries${dataset}`, count);
  await call('GET', `/1/queries${dataset}/${query_id}`);
  await call('GET', `/1/queries${dataset}/no-such`);
  const annotation = { name: 'Contract', query_id };
  const { id: annotationId } = await call('POST', `/1/query_annotations${dataset}`, annotation);
  const ofAnnotation = `/1/query_annotations${dataset}/${annotationId}`;
  await call('GET', ofAnnotation);
  await call('PUT', ofAnnotation, { ...annotation, description: 'Other words' });
  await call('PUT', ofAnnotation, { ...annotation, query_id: 'other' });

  const panel = { type: 'query', query_panel: { query_id, query_annotation_id: annotationId } };
  const text = { type: 'text', text_panel: { content: '# Words' } };
  const board = { name: 'Contract', type: 'flexible', panels: [panel, text] };
  const { id: boardId } = await call('POST', '/1/boards', board);
  await call('GET', `/1/boards/${boardId}`);
  await call('PUT', `/1/boards/${boardId}`, { ...board, name: 'Other' });
  await call('GET', '/1/boards/no-such');
  await call('DELETE', `/1/boards/${boardId}`);
  await call('DELETE', ofAnnotation);

  const { id: resultId } = await call('POST', `/1/query_results${dataset}`, { query_id });
  const ofResult = `/1/query_results${dataset}/${resultId}`;
  const isComplete = async () => (await call('GET', ofResult)).complete === true;
  if (!(await until(isComplete, { maxMs: 20_000, everyMs: 20 }))) throw new Error('the query did not end');
  await call('GET', `/1/query_results${dataset}/no-such`);

  await callColumns(call, dataset);
  await callSlos(call);
  await call('POST', `/1/events${dataset}`, { job: 'contract' });
  await call('POST', `/1/batch${dataset}`, [
    { data: { job: 'contract' }, samplerate: 2 },
    { data: { n: 1 } },
  ]);
}

type Call = Caller['call'];

async function callColumns(call: Call, dataset: string): Promise<void> {
  const { id } = await call('POST', `/1/columns${dataset}`, { key_name: 'later', type: 'float' });
  await call('GET', `/1/columns${dataset}`);
  await call('GET', `/1/columns${dataset}?key_name=later`);
  await call('GET', `/1/columns${dataset}/${id}`);
  await call('PUT', `/1/columns${dataset}/${id}`, { key_name: 'later', hidden: true });
  await call('DELETE', `/1/columns${dataset}/${id}`);
  const field = { alias: 'is_slow', expression: '$duration_ms > 500' };
  const { id: fieldId } = await call('POST', `/1/derived_columns${dataset}`, field);
  await call('POST', `/1/derived_columns${dataset}`, field);
  await call('GET', `/1/derived_columns${dataset}?alias=is_slow`);
  await call('GET', `/1/derived_columns${dataset}`);
  await call('GET', `/1/derived_columns${dataset}/${fieldId}`);
  await call('PUT', `/1/derived_columns${dataset}/${fieldId}`, { ...field, description: 'Slow' });
  await call('DELETE', `/1/derived_columns${dataset}/${fieldId}`);
}

async function callSlos(call: Call): Promise<void> {
  await call('POST', '/1/derived_columns/__all__', { alias: 'is_fast', expression: '$duration_ms < 500' });
  const slo = { name: 'Fast', sli: { alias: 'is_fast' }, time_period_days: 7, target_per_million: 990_000 };
  await call('POST', '/1/slos/__all__', slo);
  const { id } = await call('POST', '/1/slos/__all__', { ...slo, dataset_slugs: ['murmur-api'] });
  await call('GET', '/1/slos/__all__');
  await call('GET', `/1/slos/__all__/${id}`);
  await call('GET', `/1/slos/__all__/${id}?detailed=true`);
  await call('PUT', `/1/slos/__all__/${id}`, { ...slo, name: 'Faster' });
  await call('GET', '/1/slos/__all__/no-such');
  await call('DELETE', `/1/slos/__all__/${id}`);
}
