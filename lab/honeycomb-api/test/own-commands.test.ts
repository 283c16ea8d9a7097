import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
  assert.match(opened.out, /\/murmur\/environments\/lab/);

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
