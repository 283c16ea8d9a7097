import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { encodeTraceRequest, type Span } from '@workshop/telemetry';
import {
  type ForwardQueueOptions,
  openForwardQueue,
  type QueueEvent,
  QueueInUse,
  queueDir,
  startForwarder,
} from '../forward/index.ts';
import { Secret } from '../secret.ts';
import { INGEST_KEY, keysFor, makeRoot, makeSpan, run, startStandIn, untilTrue } from './fixtures.ts';
import type { StandIn } from './stand-in/server.ts';

const FAST = { baseWaitMs: 5, maxWaitMs: 20 };

function openAt(t: TestContext, dir: string, honeycomb: StandIn, options: Partial<ForwardQueueOptions> = {}) {
  const events: QueueEvent[] = [];
  const onEvent = (event: QueueEvent) => events.push(event);
  const key = new Secret(INGEST_KEY);
  const queue = openForwardQueue({ dir, endpoint: honeycomb.url, key, onEvent, ...FAST, ...options });
  t.after(() => queue.close(0));
  return { queue, events };
}

const numbers = (spans: Span[]) => spans.map((span) => Number(span.attributes.n));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

test('spans arrive as they were, with the learner’s name added', async (t) => {
  const honeycomb = await startStandIn(t);
  const { queue } = openAt(t, makeRoot(t), honeycomb, { environmentName: 'Anna' });
  queue.enqueue([makeSpan(1)]);
  queue.enqueue(encodeTraceRequest([makeSpan(2)], 'json'), 'application/json');
  queue.enqueue(encodeTraceRequest([makeSpan(3)], 'protobuf'), 'application/x-protobuf');
  await queue.drained();
  assert.deepEqual(numbers(honeycomb.spans), [1, 2, 3]);
  for (const span of honeycomb.spans) {
    assert.deepEqual(span.resource, { 'service.name': 'murmur-api', 'deployment.environment.name': 'Anna' });
    assert.equal(span.durationMs, 12.5);
  }
  assert.equal(queue.status().sentSpans, 3);
});

test('a broken body is refused at once and never stands in the way', async (t) => {
  const honeycomb = await startStandIn(t);
  const { queue } = openAt(t, makeRoot(t), honeycomb);
  assert.throws(() => queue.enqueue(Buffer.from('{'), 'application/json'), { name: 'OtlpDecodeError' });
  queue.enqueue([makeSpan(1)]);
  await queue.drained();
  assert.deepEqual(numbers(honeycomb.spans), [1]);
});

test('429 and 5xx lose nothing and send nothing twice', async (t) => {
  const honeycomb = await startStandIn(t);
  for (const status of [429, 500, 502, 503, 'hang up'] as const)
    honeycomb.fail({ times: 2, status, headers: { RateLimit: '' } });
  const { queue, events } = openAt(t, makeRoot(t), honeycomb);
  for (const n of range(0, 50)) queue.enqueue([makeSpan(n)]);
  await queue.drained();
  assert.deepEqual(numbers(honeycomb.spans), range(0, 50));
  assert.equal(events.filter((e) => e.kind === 'waiting').length, 10);
});

test('a 429 is given the time that it asks for', async (t) => {
  const honeycomb = await startStandIn(t);
  honeycomb.fail({ times: 1, status: 429, headers: { RateLimit: 'limit=1, remaining=0, reset=120' } });
  const { queue, events } = openAt(t, makeRoot(t), honeycomb);
  queue.enqueue([makeSpan(1)]);
  await untilTrue(() => events.some((e) => e.kind === 'waiting'), 'the wait');
  assert.deepEqual(
    events.map((e) => e.kind === 'waiting' && e.waitMs),
    [120_000],
  );
  // New spans do not cut it short.
  queue.enqueue([makeSpan(2)]);
  // A second queue shows that there was time enough for a request.
  const other = openAt(t, makeRoot(t), honeycomb);
  other.queue.enqueue([makeSpan(3)]);
  await other.queue.drained();
  assert.equal(honeycomb.requests.length, 2);
  assert.equal(queue.status().waitingSpans, 2);
});

test('offline, then online again: everything arrives, once and in order', async (t) => {
  const honeycomb = await startStandIn(t);
  const { queue } = openAt(t, makeRoot(t), honeycomb);
  await honeycomb.goOffline();
  for (const n of range(0, 300)) queue.enqueue([makeSpan(n)]);
  await untilTrue(() => queue.status().trouble !== null, 'a failed try');
  assert.match(queue.status().trouble!, /ECONNREFUSED/);
  assert.equal(queue.status().waitingSpans, 300);
  await honeycomb.goOnline();
  await queue.drained();
  assert.deepEqual(numbers(honeycomb.spans), range(0, 300));
  assert.equal(queue.status().trouble, null);
  assert.ok(honeycomb.requests.length < 50, 'small batches go together');
});

test('closed and opened again: what waited is sent without a new span', async (t) => {
  const honeycomb = await startStandIn(t);
  const dir = makeRoot(t);
  await honeycomb.goOffline();
  const first = openAt(t, dir, honeycomb);
  for (const n of range(0, 20)) first.queue.enqueue([makeSpan(n)]);
  await first.queue.close();
  await honeycomb.goOnline();
  const second = openAt(t, dir, honeycomb);
  await second.queue.drained();
  assert.deepEqual(numbers(honeycomb.spans), range(0, 20));
});

test('killed in the middle, five times: every kept span arrives, at most one request twice', {
  timeout: 120_000,
}, async (t) => {
  const honeycomb = await startStandIn(t);
  const dir = makeRoot(t);
  const kept: number[] = [];
  for (let round = 0; round < 5; round++) {
    honeycomb.fail({ times: 2, status: round % 2 ? 503 : 'hang up', headers: { RateLimit: '' } });
    const script = path.join(import.meta.dirname, 'forward-process.ts');
    const child = spawn(process.execPath, [script, dir, honeycomb.url, String(round * 100_000)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => child.kill('SIGKILL'));
    const lines = createInterface({ input: child.stdout });
    let said = 0;
    for await (const line of lines) {
      kept.push(Number(line));
      if (++said === 60 + round * 17) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    assert.equal(child.signalCode, 'SIGKILL');
  }
  const { queue } = openAt(t, dir, honeycomb);
  await queue.drained();
  const arrived = numbers(honeycomb.spans);
  const missing = kept.filter((n) => !arrived.includes(n));
  assert.deepEqual(missing, []);
  assert.ok(kept.length >= 5 * 60);
  // Twice is only what the stand-in had just answered when the process died: one request for each kill.
  const requests = honeycomb.requests.filter((r) => r.status === 200);
  const twice = requests.filter((r, i) =>
    requests.slice(0, i).some((e) => numbers(e.spans!).includes(numbers(r.spans!)[0]!)),
  );
  assert.ok(twice.length <= 5, `${twice.length} requests came twice`);
  assert.ok(!readdirSync(path.join(dir, 'batches')).some((name) => name.endsWith('.tmp')));
});

test('a full queue drops the oldest and says how many', async (t) => {
  const honeycomb = await startStandIn(t);
  await honeycomb.goOffline();
  const { queue, events } = openAt(t, makeRoot(t), honeycomb, { maxBytes: 2000, maxRequestBytes: 1 });
  for (const n of range(0, 100)) queue.enqueue([makeSpan(n)]);
  const { waitingSpans, droppedSpans, waitingBytes } = queue.status();
  assert.ok(waitingBytes <= 2000, `${waitingBytes} bytes wait`);
  assert.equal(waitingSpans + droppedSpans, 100);
  assert.equal(
    events.filter((e) => e.kind === 'dropped').reduce((sum, e) => sum + e.spans, 0),
    droppedSpans,
  );
  await honeycomb.goOnline();
  await queue.drained();
  const arrived = numbers(honeycomb.spans);
  assert.deepEqual(arrived.slice(-1), [99]);
  assert.equal(arrived.length, waitingSpans);
});

test('one body that Honeycomb will never take does not take its neighbours along', async (t) => {
  const honeycomb = await startStandIn(t);
  await honeycomb.goOffline();
  const { queue, events } = openAt(t, makeRoot(t), honeycomb);
  for (const n of range(0, 5)) queue.enqueue([makeSpan(n)]);
  await untilTrue(() => queue.status().trouble !== null, 'a failed try');
  // The five together are refused, then the first alone.
  honeycomb.fail({ times: 2, status: 400 });
  await honeycomb.goOnline();
  await queue.drained();
  assert.deepEqual(numbers(honeycomb.spans), [1, 2, 3, 4]);
  assert.deepEqual(
    events.filter((e) => e.kind === 'refused').map((e) => e.spans),
    [1],
  );
});

test('a refused key loses nothing: the right key sends it', async (t) => {
  const honeycomb = await startStandIn(t);
  const dir = makeRoot(t);
  const wrong = openAt(t, dir, honeycomb, { key: new Secret('wrong'), maxWaitMs: 60_000 });
  wrong.queue.enqueue([makeSpan(1)]);
  await untilTrue(() => wrong.queue.status().trouble !== null, 'the refusal');
  assert.match(wrong.queue.status().trouble!, /refuses the key: status 401, "unknown API key/);
  await wrong.queue.close();
  const right = openAt(t, dir, honeycomb);
  await right.queue.drained();
  assert.deepEqual(numbers(honeycomb.spans), [1]);
});

test('two processes cannot have one queue; a dead one does not hold it', async (t) => {
  const honeycomb = await startStandIn(t);
  const dir = makeRoot(t);
  const { queue } = openAt(t, dir, honeycomb);
  assert.throws(() => openAt(t, dir, honeycomb), QueueInUse);
  await queue.close();
  assert.ok(!existsSync(path.join(dir, 'owner')));
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  writeFileSync(path.join(dir, 'owner'), String(child.pid));
  openAt(t, dir, honeycomb);
});

test('the lab forwards nothing until the learner turns it on, and stops when it is turned off', async (t) => {
  const honeycomb = await startStandIn(t);
  const root = makeRoot(t);
  const env = keysFor(honeycomb);
  const lines: string[] = [];
  const forwarder = startForwarder({ root, env, pollMs: 5, log: (line) => lines.push(line) });
  t.after(() => forwarder.close());
  forwarder.forward([makeSpan(1)]);
  assert.equal(forwarder.status(), null);
  assert.ok(!existsSync(queueDir(root)));

  const on = await run(root, env, 'forward', 'on', '--name', 'Anna');
  assert.equal(on.code, 0);
  assert.match(on.out, /deployment\.environment\.name = "Anna"/);
  assert.match(on.out, /do exercise 15 first/);
  await untilTrue(() => forwarder.status() !== null, 'forwarding');
  forwarder.forward([makeSpan(2)]);
  await untilTrue(() => honeycomb.spans.length > 0, 'a span');
  assert.deepEqual(numbers(honeycomb.spans), [2]);
  assert.equal(honeycomb.spans[0]!.resource['deployment.environment.name'], 'Anna');

  await run(root, env, 'forward', 'off');
  await untilTrue(() => forwarder.status() === null, 'the end of forwarding');
  forwarder.forward([makeSpan(3)]);
  await forwarder.close();
  assert.deepEqual(numbers(honeycomb.spans), [2]);
  assert.ok(
    lines.some((line) => /forwarding is off/.test(line)),
    lines.join('\n'),
  );
});

test('forward on without a key: exit code 2, and it stays off', async (t) => {
  const root = makeRoot(t);
  const { code, err } = await run(root, {}, 'forward', 'on');
  assert.equal(code, 2);
  assert.match(err, /HONEYCOMB_API_KEY is missing/);
  assert.match((await run(root, {}, 'forward')).out, /Forwarding is off/);
  assert.equal((await run(root, {}, 'forward', 'maybe')).code, 2);
});
