import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '@workshop/base';
import { type Span, startReceiver } from '@workshop/telemetry';
import { impersonal, readClassCollector, sendGradedSpans, startClassForwarder } from '../index.ts';

function folder(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'class-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

const SPAN: Span = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  name: 'GET /feed',
  kind: 'SERVER',
  startMs: 1_795_000_000_000,
  durationMs: 12,
  status: { code: 'ERROR', message: 'no file /srv/anna/murmur/feed.ts' },
  attributes: { 'user.id': '1003', 'http.route': '/feed', 'server.address': 'annas-laptop' },
  events: [
    {
      name: 'exception',
      timeMs: 1_795_000_000_001,
      attributes: { 'exception.stacktrace': 'at rank (/srv/anna/murmur/feed.ts:3)\nat /srv/anna/x.ts' },
    },
  ],
  links: [],
  resource: {
    'service.name': 'murmur-api',
    'host.name': 'annas-laptop',
    'host.id': '1234',
    'process.owner': 'anna',
    'process.pid': 4711,
    'process.command_args': ['/srv/anna/node', 'main.js'],
  },
  scope: { name: 'murmur' },
};

test('what tells of a person is left out, and everything else stays', () => {
  const clean = impersonal(SPAN, { home: '/srv/anna', user: 'anna', host: 'annas-laptop' });
  assert.deepEqual(clean.resource, { 'service.name': 'murmur-api', 'process.pid': 4711 });
  assert.equal(clean.status.message, 'no file ~/murmur/feed.ts');
  assert.equal(
    clean.events[0]?.attributes['exception.stacktrace'],
    'at rank (~/murmur/feed.ts:3)\nat ~/x.ts',
  );
  assert.equal(clean.attributes['user.id'], '1003');
  assert.equal(SPAN.resource['host.name'], 'annas-laptop', 'the lab keeps its own as it was');
  assert.ok(!JSON.stringify({ ...clean, attributes: {} }).includes('anna'));
});

test('a name that is a word of Murmur stays one', () => {
  const clean = impersonal(SPAN, { home: '/srv/feed', user: 'feed', host: 'feed' });
  assert.equal(clean.name, 'GET /feed');
});

test('nothing is sent where the environment names nobody, or the own lab', (t) => {
  const root = folder(t);
  assert.equal(readClassCollector(root, {}, 4318), null);
  for (const own of ['http://localhost:4318', 'http://127.0.0.1:4318/'])
    assert.equal(readClassCollector(root, { OTEL_EXPORTER_OTLP_ENDPOINT: own }, 4318), null);
});

test('an address that cannot be sent to is refused, without what is secret in it', (t) => {
  const refused = (OTEL_EXPORTER_OTLP_ENDPOINT: string, message: RegExp) =>
    assert.throws(
      () => readClassCollector(folder(t), { OTEL_EXPORTER_OTLP_ENDPOINT }, 4318),
      (error: Error) => message.test(error.message) && !error.message.includes('hidden'),
    );
  refused('collector.example:4318', /not an address such as/);
  refused('https://a:hidden@collector.example', /must hold no password/);
});

test('the name is drawn once for a clone, or given', (t) => {
  const root = folder(t);
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example' };
  const name = readClassCollector(root, env, 4318)?.name;
  assert.match(name ?? '', /^learner-[0-9a-f]{6}$/);
  assert.equal(readClassCollector(root, env, 4318)?.name, name);
  const attributes = 'service.namespace=x,deployment.environment.name=table%204';
  const given = readClassCollector(root, { ...env, OTEL_RESOURCE_ATTRIBUTES: attributes }, 4318);
  assert.equal(given?.name, 'table 4');
});

test('the address is said first; then spans go there with token and name, and survive its absence', async (t) => {
  const root = folder(t);
  const collector = await startReceiver({ record: true });
  t.after(() => collector.close());
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20secret-token',
  };
  const settings = readClassCollector(root, env, 4318);
  assert.ok(settings);
  const lines: string[] = [];
  const forwarder = startClassForwarder(root, settings, (line) => {
    if (lines.length === 0) assert.equal(collector.requests.length, 0);
    lines.push(line);
  });
  t.after(() => forwarder.close());
  forwarder.forward([SPAN]);
  assert.ok(await until(() => collector.requests.length > 0, { maxMs: 10_000 }), lines.join('\n'));
  const [sent] = collector.requests;
  assert.equal(sent?.headers.authorization, 'Bearer secret-token');
  assert.equal(sent?.headers['x-honeycomb-team'], undefined);
  assert.equal(sent?.spans[0]?.resource['deployment.environment.name'], settings.name);
  assert.equal(sent?.spans[0]?.resource['host.name'], undefined);
  assert.match(
    lines[0] ?? '',
    /^Your spans also go to http:.*as "learner-[0-9a-f]{6}"\. To stop: unset OTEL/,
  );
  assert.ok(!lines.join('\n').includes('secret-token'));
});

test('where the lab only reads, nothing is said of a copy', async (t) => {
  const root = folder(t);
  const settings = { endpoint: 'http://127.0.0.1:9', headers: {}, name: 'learner-abcdef' };
  const lines: string[] = [];
  await startClassForwarder(root, settings, (line) => lines.push(line), true).close();
  assert.equal(
    lines[0],
    'Your spans go to http://127.0.0.1:9, as "learner-abcdef", and are kept there alone.',
  );
});

test('graded spans are marked, and a Collector that is away is a warning', async (t) => {
  const root = folder(t);
  const collector = await startReceiver({ record: true });
  const settings = readClassCollector(root, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, 4318);
  assert.ok(settings);
  const marks = { seed: 7, exercise: '03-custom-span' };
  assert.deepEqual(await sendGradedSpans([SPAN], marks, settings), { sent: 1, warning: null });
  const [span] = collector.requests[0]?.spans ?? [];
  assert.equal(span?.attributes['murmur.graded'], true);
  assert.equal(span?.attributes['murmur.graded.exercise'], '03-custom-span');
  await collector.close();
  const { sent, warning } = await sendGradedSpans([SPAN], marks, settings);
  assert.equal(sent, 0);
  assert.match(warning ?? '', /1 graded spans did not reach the Collector of the class.*not changed by that/);
});
