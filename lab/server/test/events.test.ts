import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { until } from '@workshop/base';
import { encodeTraceRequest, type Span } from '@workshop/telemetry';
import type { ArrivedTraces, EventList, Hello } from '../../api/index.ts';
import { sampleSpans } from '../../test/sample-spans.ts';
import { EventLog, EventStream, TraceAnnouncer } from '../events/index.ts';
import { type EventPublisher, type Lab, startLab } from '../index.ts';

let lab: Lab;
let dir: string;
let events: EventPublisher;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lab-events-'));
  lab = await startLab({
    dir,
    port: 0,
    otlpPort: 0,
    mount: (_app, publisher) => {
      events = publisher;
    },
  });
});
after(async () => {
  await lab.close();
  await rm(dir, { recursive: true, force: true });
});

interface Told {
  id: number | null;
  kind: string;
  data: unknown;
}

/** Reads a stream as a page's EventSource would. */
class Listener {
  readonly told: Told[] = [];
  ended = false;
  #text = '';

  static async open(url: string, headers: Record<string, string> = {}): Promise<Listener> {
    const listener = new Listener();
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) =>
      http.get(url, { headers }, resolve).on('error', reject),
    );
    assert.equal(answer.statusCode, 200);
    assert.match(answer.headers['content-type'] ?? '', /^text\/event-stream/);
    answer.setEncoding('utf8');
    answer.on('data', (part: string) => listener.#read(part));
    answer.on('close', () => {
      listener.ended = true;
    });
    answer.on('error', () => undefined);
    return listener;
  }

  async next(kind: string, nth = 1): Promise<Told> {
    const found = (): Told | undefined => this.told.filter((event) => event.kind === kind)[nth - 1];
    assert.ok(
      await until(async () => found() !== undefined, { maxMs: 5_000, everyMs: 5 }),
      `no ${kind} came`,
    );
    return found() as Told;
  }

  #read(part: string): void {
    this.#text += part;
    const blocks = this.#text.split('\n\n');
    this.#text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string): string | undefined =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      const id = field('id');
      this.told.push({
        id: id === undefined ? null : Number(id),
        kind: field('event') ?? '',
        data: JSON.parse(field('data') ?? 'null'),
      });
    }
  }
}

async function send(spans: readonly Span[]): Promise<void> {
  const sent = await fetch(`${lab.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: encodeTraceRequest(spans, 'protobuf'),
  });
  assert.equal(sent.status, 200);
}

async function since(id?: number): Promise<EventList> {
  return (await (
    await fetch(`${lab.url}/api/events/since${id === undefined ? '' : `?id=${id}`}`)
  ).json()) as EventList;
}

test('a stream says hello, tells of new traces and of what a mounted part publishes', async () => {
  const listener = await Listener.open(`${lab.url}/api/events`);
  const hello = await listener.next('hello');
  assert.deepEqual(hello.data, { id: hello.id, gap: false, beatMs: 10_000 });
  const spans = sampleSpans({ requests: 2, endMs: Date.now(), seed: 3 });
  await send(spans);
  const { traces, more } = (await listener.next('traces')).data as ArrivedTraces;
  assert.equal(more, 0);
  assert.deepEqual(
    traces.map(({ traceId, name, service, spanCount, hasRoot, isNew }) => [
      traceId,
      name,
      service,
      spanCount,
      hasRoot,
      isNew,
    ]),
    [spans[0], spans[4]].map((root) => [root?.traceId, 'GET /feed', 'murmur-api', 4, true, true]),
  );
  const list = (await (await fetch(`${lab.url}/api/traces?limit=2`)).json()) as { traces: object[] };
  assert.deepEqual(
    list.traces.toReversed(),
    traces.map(({ isNew, ...summary }) => summary),
    'the same as in the list',
  );
  events.publish('save', { files: ['app-backend/src/feed.ts'] });
  const save = await listener.next('save');
  assert.deepEqual(save.data, { files: ['app-backend/src/feed.ts'] });
});

test('a stream that broke goes on where it ended, by its header or its address', async () => {
  const { id } = await since();
  for (const step of [1, 2, 3]) events.publish('grading', { step });
  const again = await Listener.open(`${lab.url}/api/events`, { 'last-event-id': String(id + 1) });
  await again.next('grading', 2);
  assert.deepEqual(
    again.told.filter(({ kind }) => kind === 'grading').map(({ data }) => data),
    [{ step: 2 }, { step: 3 }],
  );
  const byHand = await Listener.open(`${lab.url}/api/events?since=${id + 2}`);
  assert.deepEqual((await byHand.next('grading')).data, { step: 3 });
});

test('who asks from time to time hears the same', async () => {
  const begin = await since();
  assert.deepEqual(begin.events, []);
  events.publish('verdict', { exercise: '01' });
  const told = await since(begin.id);
  assert.deepEqual(told.events, [{ id: begin.id + 1, kind: 'verdict', data: { exercise: '01' } }]);
  assert.equal(told.id, begin.id + 1);
  assert.deepEqual((await since(told.id)).events, []);
  assert.equal((await since(1)).gap, true, 'an id of before the lab was started');
  const late = await Listener.open(`${lab.url}/api/events?since=1`);
  assert.equal(((await late.next('hello')).data as Hello).gap, true);
});

test('the log keeps the last thousand events, and no more than four megabytes of them', () => {
  const log = new EventLog(0);
  for (let n = 1; n <= 1_500; n++) log.publish('save', { n });
  assert.equal(log.since(499).gap, true);
  assert.equal(log.since(500).events.length, 1_000);
  const large = { text: 'x'.repeat(200_000) };
  for (let n = 0; n < 40; n++) log.publish('verdict', large);
  assert.ok(log.since(log.lastId - 20).events.length === 20 && log.since(log.lastId - 25).gap);
  assert.throws(() => log.publish('hello', {}), RangeError);
  assert.throws(() => log.publish('Save it', {}), RangeError);
  assert.throws(() => log.publish('verdict', { text: 'x'.repeat(300_000) }), RangeError);
});

test('a reader that reads nothing costs no memory, hears of a gap when it reads again, and is let go in the end', async (t) => {
  const log = new EventLog(0);
  const server = http.createServer((_request, response) => {
    new EventStream(response, log, undefined, 50);
    response.once('close', () => ended());
  });
  let ended: () => void = () => undefined;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  const answer = await new Promise<http.IncomingMessage>((resolve) =>
    http.get({ port, host: '127.0.0.1' }, resolve),
  );
  answer.on('error', () => undefined);
  const gone = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const before = process.memoryUsage().arrayBuffers;
  // The operating system's own buffers hold some megabytes; what is told is far more than those.
  for (let n = 0; n < 1_000; n++) {
    log.publish('verdict', { text: 'x'.repeat(200_000) });
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(process.memoryUsage().arrayBuffers - before < 20e6, 'a slow reader must not fill the memory');
  await gone;
});

test('a reader that falls behind and reads again is told that it missed something', async (t) => {
  const log = new EventLog(0);
  const server = http.createServer((_request, response) => void new EventStream(response, log, undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  const answer = await new Promise<http.IncomingMessage>((resolve) =>
    http.get({ port, host: '127.0.0.1' }, resolve),
  );
  for (let n = 0; n < 200; n++) log.publish('verdict', { text: 'x'.repeat(200_000) });
  let text = '';
  answer.setEncoding('utf8');
  answer.on('data', (part: string) => {
    text += part;
  });
  answer.on('error', () => undefined);
  const helloAgain = async (): Promise<boolean> => /event: hello\ndata: [^\n]*"gap":true/.test(text);
  assert.ok(await until(helloAgain, { maxMs: 5_000, everyMs: 5 }));
});

test('announcements are few, whatever arrives, and short, whatever it is called', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const log = new EventLog(0);
  const announcer = new TraceAnnouncer(log, 300);
  const [one] = sampleSpans({ requests: 1, endMs: Date.now() }) as [Span];
  const name = 'x'.repeat(60_000);
  for (let n = 0; n < 500; n++) announcer.arrived([{ ...one, name, traceId: String(n).padStart(32, '0') }]);
  assert.equal(log.lastId, 1, 'the first is told at once');
  t.mock.timers.tick(300);
  assert.equal(log.lastId, 2);
  const announced = (afterId: number): ArrivedTraces =>
    log.since(afterId).events.map(({ data }) => data as ArrivedTraces)[0] as ArrivedTraces;
  const { traces, more } = announced(1);
  assert.deepEqual([traces.length, more, traces.at(-1)?.traceId.slice(-3)], [20, 479, '499']);
  assert.equal(traces[0]?.name.length, 100);
  t.mock.timers.tick(1_000);
  assert.equal(log.lastId, 2, 'without news nothing is told');
  announcer.arrived([
    { ...one, traceId: '499'.padStart(32, '0'), parentSpanId: 'f'.repeat(16), name: 'late' },
  ]);
  const [later] = announced(2).traces;
  assert.deepEqual(
    [later?.isNew, later?.spanCount, later?.name.length],
    [false, 2, 100],
    'the root names it',
  );
  announcer.close();
});

test('a lab that is stopped ends its streams', async () => {
  const own = await mkdtemp(join(tmpdir(), 'lab-events-'));
  const short = await startLab({ dir: own, port: 0, otlpPort: 0 });
  const listener = await Listener.open(`${short.url}/api/events`);
  await listener.next('hello');
  await short.close();
  assert.ok(await until(async () => listener.ended, { maxMs: 2_000, everyMs: 5 }));
  await rm(own, { recursive: true, force: true });
});
