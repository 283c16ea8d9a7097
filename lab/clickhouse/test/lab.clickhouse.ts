import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort, until } from '@workshop/base';
import { encodeTraceRequest } from '@workshop/telemetry';
import { listTraces } from '../../analysis/index.ts';
import type { Health } from '../../api/index.ts';
import { runLabProgram } from '../../cli/program.ts';
import { queryNotes, runQuery } from '../../query/index.ts';
import { untilAnswers } from '../../test/lab-process.ts';
import { sampleSpans } from '../../test/sample-spans.ts';
import { readClickHouseAddress } from '../index.ts';
import { ClickHouseRows } from '../rows.ts';
import { type Engine, openEngine } from './engine.ts';
import { createTable, insertSpans } from './exported-spans.ts';
import { type Front, startFront } from './http-front.ts';

/** `npm run lab -- --store clickhouse://…` as a person starts it, over the real engine and its official client. */

const SCRIPT = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const USERS = { reader: { password: 'right', readOnly: true } };
let engine: Engine;
let front: Front;
let lab: ChildProcess;
let url: string;
let dir: string;
let said = '';
/** Statements wait here while it is set. */
let held: Promise<void> | null = null;
let waiting = 0;

before(async () => {
  engine = openEngine();
  await createTable(engine);
  await insertSpans(engine, sampleSpans({ requests: 100, endMs: Date.now() }));
  front = await startFront(engine, {
    users: USERS,
    before() {
      if (held === null) return undefined;
      waiting++;
      return held;
    },
  });
  dir = await mkdtemp(join(tmpdir(), 'lab-clickhouse-'));
  ({ lab, url } = await startLab(`clickhouse://reader@127.0.0.1:${front.port}/otel`));
});
after(async () => {
  await end(lab);
  await front.close();
  engine.close();
  await rm(dir, { recursive: true, force: true });
});

async function startLab(
  store: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ lab: ChildProcess; url: string }> {
  const port = await freePort();
  const options = ['--store', store, '--dir', dir, '--port', String(port), '--no-page'];
  const child = spawn(process.execPath, [SCRIPT, 'lab', ...options], {
    env: { ...process.env, CLICKHOUSE_PASSWORD: 'right', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout?.on('data', (text) => {
    said += text;
  });
  const address = `http://127.0.0.1:${port}`;
  await untilAnswers(`${address}/api/health`, child);
  return { lab: child, url: address };
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function ask<T>(path: string, body?: object): Promise<T> {
  const init = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const answer = await fetch(url + path, init);
  assert.equal(answer.status, 200, `${path}: ${await answer.clone().text()}`);
  return (await answer.json()) as T;
}

test('it says what it reads, without the password, and that it collects nothing', async () => {
  await until(() => said.includes('Ctrl-C'), { maxMs: 5_000 });
  assert.match(said, new RegExp(`Reads +clickhouse://reader@127.0.0.1:${front.port}/otel\n`));
  assert.match(said, /It collects nothing itself: send spans to the Collector/);
  assert.ok(!said.includes('right'));
  const { source, rows, status } = await ask<Health>('/api/health');
  assert.deepEqual(source.kind, 'clickhouse');
  assert.deepEqual([rows, status], [400, 'ok']);
});

test('a query, the traces, a trace, its critical path, the map, what differs: one user who may only read', async () => {
  const count = await ask<{ data: { results: { data: object }[] } }>('/api/query', {
    calculations: [{ op: 'COUNT' }],
    filters: [{ column: 'meta.annotation_type', op: 'does-not-exist' }],
  });
  assert.deepEqual(count.data.results[0]?.data, { COUNT: 400 });
  const { traces } = await ask<{ traces: { traceId: string }[] }>('/api/traces?limit=5');
  const id = traces[0]?.traceId as string;
  assert.equal(traces.length, 5);
  await ask(`/api/traces/${id}`);
  await ask(`/api/traces/${id}/critical-path`);
  await ask('/api/service-graph');
  const selection = { filters: [{ column: 'user.id', op: '=', value: 1000 }] };
  await ask('/api/compare-selection', { query: {}, selection });
  const columns = await ask<{ key_name: string; type: string }[]>('/api/columns');
  assert.ok(
    columns.some(({ key_name, type }) => key_name === 'murmur.feed.following_count' && type === 'integer'),
  );
  assert.deepEqual([...front.settings], [], 'a user with readonly = 1 may change no setting');
});

test('spans that are sent to it are refused, and the sender is told where to send them', async () => {
  const body = encodeTraceRequest(sampleSpans({ requests: 1, endMs: Date.now() }), 'protobuf');
  const headers = { 'content-type': 'application/x-protobuf', 'x-honeycomb-team': 'any' };
  const sent = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body });
  assert.equal(sent.status, 501);
  assert.match(await sent.text(), /collects nothing/);
  const event = await fetch(`${url}/1/events/murmur-api`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-honeycomb-team': 'any' },
    body: '{"name":"x"}',
  });
  assert.equal(event.status, 501);
  assert.match(await event.text(), /Send spans to the OpenTelemetry Collector that fills it/);
});

test('a query that nobody waits for is ended on the server', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  held = promise;
  const asker = new AbortController();
  const asked = fetch(`${url}/api/service-graph`, { signal: asker.signal }).catch(() => null);
  assert.ok(await until(() => waiting > 0, { maxMs: 5_000 }), 'no statement came');
  asker.abort();
  await asked;
  assert.ok(await until(() => front.ended.length > 0, { maxMs: 5_000 }), 'no query was ended');
  held = null;
  resolve();
  assert.ok(
    front.left.includes(front.ended[0] as string),
    'another query was ended than the one that was left',
  );
});

test('a table without spans, under another name', async () => {
  await createTable(engine, 'otel.none_yet');
  const store = `clickhouse://reader:right@127.0.0.1:${front.port}/otel?table=none_yet`;
  const rows = await ClickHouseRows.open(readClickHouseAddress(store, {}), 60_000);
  assert.deepEqual((await listTraces(rows)).traces, []);
  const result = await runQuery(rows, {});
  assert.deepEqual(result.data.results[0]?.data, { COUNT: 0 });
  assert.match((await queryNotes(rows, result))[0] ?? '', /holds no spans yet/);
  await rows.close();
});

test('TLS, with an authority of its own; without it the certificate is not trusted', async (t) => {
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const request =
    'req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1';
  const made = spawnSync('openssl', [...request.split(' '), '-keyout', key, '-out', cert]);
  if (made.status !== 0) return t.skip('openssl is not installed');
  const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  const secure = await startFront(engine, { users: USERS, tls });
  t.after(() => secure.close());
  const store = `clickhouse://reader@127.0.0.1:${secure.port}/otel?secure=true`;
  const trusting = await startLab(store, { NODE_EXTRA_CA_CERTS: cert });
  t.after(() => end(trusting.lab));
  const { rows } = (await (await fetch(`${trusting.url}/api/health`)).json()) as Health;
  assert.equal(rows, 400);
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const world = { root: dir, env: { CLICKHOUSE_PASSWORD: 'right' }, out: say, err: say };
  assert.equal(await runLabProgram(['lab', '--no-page', '--store', store], world), 1);
  assert.match(
    lines.join(' ').replaceAll('\n', ' '),
    /certificate of .* is not trusted .*NODE_EXTRA_CA_CERTS/,
  );
});

test('a server that goes away is trouble, and the lab goes on', async () => {
  await front.close();
  const { status, trouble, rows } = await ask<Health>('/api/health');
  assert.deepEqual([status, rows], ['trouble', 400]);
  assert.match(trouble[0] ?? '', /ClickHouse does not answer at clickhouse:\/\/reader@/);
  const answer = await fetch(`${url}/api/traces`);
  assert.equal(answer.status, 503);
  assert.match(await answer.text(), /Check host and port/);
});
