import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { encodeTraceRequest } from '@workshop/telemetry';
import { CONFIG_KEY, INGEST_KEY, LATENCY, makeRoot, RECENT, run } from '../../honeycomb/test/fixtures.ts';
import { startLabProcess } from '../../test/lab-process.ts';
import { sampleSpans } from '../../test/sample-spans.ts';

/** The commands of `npm run honeycomb --`, against a lab that was started as a learner starts it. */

const BOTH = { 'latency-by-user.json': LATENCY, 'recent-traces.json': RECENT };

function folder(t: TestContext): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'lab-honeycomb-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const keysFor = (endpoint: string): NodeJS.ProcessEnv => ({
  HONEYCOMB_API_KEY: INGEST_KEY,
  HONEYCOMB_CONFIG_KEY: CONFIG_KEY,
  HONEYCOMB_API_ENDPOINT: endpoint,
});

async function send(otlpUrl: string): Promise<void> {
  const answer = await fetch(`${otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: encodeTraceRequest(sampleSpans({ requests: 5, endMs: Date.now() }), 'protobuf'),
  });
  assert.equal(answer.status, 200);
}

test('check, push, pull and open work against the lab with any key, and what was pushed survives a kill', async (t) => {
  const dir = folder(t);
  let lab = await startLabProcess(dir);
  t.after(() => lab.kill());
  await send(lab.otlpUrl);
  const root = makeRoot(t, BOTH);
  const checked = await run(root, keysFor(lab.apiUrl), 'check');
  assert.equal(checked.code, 0, checked.err);
  assert.match(checked.out, /ok {4}HONEYCOMB_API_KEY\n {6}Ingest key of team "Murmur"/);
  assert.match(checked.out, /ok {4}HONEYCOMB_CONFIG_KEY\n {6}Configuration key of team "Murmur"/);

  const first = await run(root, keysFor(lab.apiUrl), 'push');
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, /created\s+latency-by-user\.json {2}in the whole environment/);
  assert.match(first.out, /created\s+recent-traces\.json {2}in dataset murmur-api/);
  assert.match(first.out, /Board created: Murmur tracing workshop/);
  const opened = await run(root, keysFor(lab.apiUrl), 'open');
  assert.equal(opened.code, 0, opened.err);
  // The links of Honeycomb's pages lead to the lab's own.
  const [environment = '', latency = ''] = opened.out.match(/http\S+/g) ?? [];
  const target = async (link: string) => {
    const answer = await fetch(link, { redirect: 'manual' });
    return new URL(answer.headers.get('location') ?? '', link);
  };
  assert.equal((await target(environment)).pathname, '/query');
  const page = await target(latency);
  assert.equal(page.pathname, '/query');
  assert.deepEqual(JSON.parse(page.searchParams.get('q') ?? ''), LATENCY.query);
  const trace = await target(`${lab.apiUrl}/murmur/environments/lab/trace?trace_id=${'a'.repeat(32)}`);
  assert.equal(trace.pathname, `/trace/${'a'.repeat(32)}`);

  await lab.kill();
  lab = await startLabProcess(dir);
  const second = await run(root, keysFor(lab.apiUrl), 'push');
  assert.equal(second.code, 0, second.err);
  assert.match(second.out, /unchanged\s+latency-by-user\.json/);
  assert.match(second.out, /Board unchanged/);

  const other = makeRoot(t);
  const pulled = await run(other, keysFor(lab.apiUrl), 'pull');
  assert.equal(pulled.code, 0, pulled.err);
  const file = path.join(other, 'queries', 'latency-by-user.json');
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), LATENCY);
});

test('push brings calculated fields and SLOs there as well, once', async (t) => {
  const lab = await startLabProcess(folder(t));
  t.after(() => lab.kill());
  await send(lab.otlpUrl);
  const root = makeRoot(t, { 'latency-by-user.json': LATENCY });
  const beside = (file: string, value: object) => {
    mkdirSync(path.dirname(path.join(root, 'queries', file)), { recursive: true });
    writeFileSync(path.join(root, 'queries', file), JSON.stringify(value));
  };
  beside('calculated-fields/fast.json', { alias: 'is_fast', expression: '$duration_ms < 500' });
  const slo = { name: 'Fast', sli: { alias: 'is_fast' }, time_period_days: 7, target_per_million: 990_000 };
  const alert = { alert_type: 'exhaustion_time', exhaustion_minutes: 240 };
  beside('slos/fast.json', { ...slo, burn_alerts: [alert] });
  const first = await run(root, keysFor(lab.apiUrl), 'push');
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, /created {4}calculated field is_fast/);
  assert.match(first.out, /created {4}SLO "Fast"/);
  assert.match(first.out, /Honeycomb wants to know whom to tell/);
  const headers = { 'x-honeycomb-team': 'any' };
  const read = async (to: string) => (await (await fetch(lab.apiUrl + to, { headers })).json()) as never;
  const [made] = (await read('/1/slos/__all__')) as { id: string; dataset_slugs: string[] }[];
  assert.deepEqual(made?.dataset_slugs, ['murmur-api']);
  // Five requests of 4 spans each, of which the one with 160 queries takes 820 ms: 19 of 20 are fast.
  const detailed = (await read(`/1/slos/__all__/${made?.id}?detailed=true`)) as {
    compliance: number;
    status: string;
  };
  assert.deepEqual([detailed.compliance, detailed.status], [95, 'no_alerts']);

  beside('slos/fast.json', { ...slo, target_per_million: 900_000 });
  const second = await run(root, keysFor(lab.apiUrl), 'push');
  assert.match(second.out, /unchanged {2}calculated field is_fast/);
  assert.match(second.out, /changed {4}SLO "Fast"/);
  const third = await run(root, keysFor(lab.apiUrl), 'push');
  assert.match(third.out, /unchanged {2}SLO "Fast"/);
});

test('no key is written anywhere', async (t) => {
  const dir = folder(t);
  const lab = await startLabProcess(dir);
  t.after(() => lab.kill());
  const root = makeRoot(t, { 'latency-by-user.json': LATENCY });
  await run(root, keysFor(lab.apiUrl), 'push');
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.ok(files.some(({ parentPath }) => parentPath.includes('query_annotations')));
  for (const { parentPath, name } of files)
    assert.ok(!readFileSync(path.join(parentPath, name)).includes(CONFIG_KEY), name);
});
