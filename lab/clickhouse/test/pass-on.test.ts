import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort, until } from '@workshop/base';
import { encodeTraceRequest, startReceiver } from '@workshop/telemetry';
import { readClassCollector } from '../../class-collector/index.ts';
import { startReadingLab } from '../../server/index.ts';
import { sampleSpans } from '../../test/sample-spans.ts';
import { readClickHouseAddress } from '../index.ts';
import { startFront } from './http-front.ts';

const TEXT = 'LowCardinality(String)';
const TYPES: Readonly<Record<string, string>> = {
  Timestamp: 'DateTime64(9)',
  Duration: 'UInt64',
  ResourceAttributes: `Map(${TEXT}, String)`,
  SpanAttributes: `Map(${TEXT}, String)`,
  'Events.Timestamp': 'Array(DateTime64(9))',
  'Events.Name': `Array(${TEXT})`,
  'Events.Attributes': `Array(Map(${TEXT}, String))`,
  ...Object.fromEntries(
    ['TraceId', 'SpanId', 'TraceState'].map((name) => [`Links.${name}`, 'Array(String)']),
  ),
  'Links.Attributes': `Array(Map(${TEXT}, String))`,
  ...Object.fromEntries(
    'TraceId SpanId ParentSpanId TraceState SpanName SpanKind ServiceName ScopeName ScopeVersion StatusCode StatusMessage'
      .split(' ')
      .map((name) => [name, 'String']),
  ),
};

/** What an empty table of the Collector answers. */
function emptyTable(sql: string): string {
  if (sql.startsWith('select version()')) return '{"version":"26.8.20.9"}\n';
  if (!sql.startsWith('describe')) return '';
  return Object.entries(TYPES)
    .map(([name, type]) => `${JSON.stringify({ name, type })}\n`)
    .join('');
}

test('what npm start -- --store takes at its own port goes to the Collector, and is kept nowhere', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'lab-pass-on-'));
  const engine = { run: async (sql: string) => Buffer.from(emptyTable(sql)), close() {} };
  const front = await startFront(engine, { users: { reader: { password: '' } } });
  const theirs = await startReceiver({ record: true });
  const collector = readClassCollector(root, { OTEL_EXPORTER_OTLP_ENDPOINT: theirs.url }, 4318);
  assert.ok(collector);
  const port = await freePort();
  const said: string[] = [];
  const log = (line: string) => void said.push(line);
  const lab = await startReadingLab({
    store: readClickHouseAddress(`clickhouse://reader@127.0.0.1:${front.port}/otel`, {}),
    dir: join(root, 'lab'),
    port: 0,
    passOn: { root, collector, port, allowedOrigins: ['http://localhost:4200'], log },
  });
  t.after(async () => {
    await lab.close();
    await Promise.all([front.close(), theirs.close()]);
    rmSync(root, { recursive: true, force: true });
  });
  const body = encodeTraceRequest(sampleSpans({ requests: 2, endMs: Date.now() }), 'protobuf');
  const init = { method: 'POST', headers: { 'content-type': 'application/x-protobuf' }, body };
  assert.equal((await fetch(`http://127.0.0.1:${port}/v1/traces`, init)).status, 200);
  assert.ok(await until(() => theirs.requests.length > 0, { maxMs: 20_000 }), said.join('\n'));
  assert.equal(theirs.requests[0]?.spans.length, 8);
  assert.equal(theirs.requests[0]?.spans[0]?.resource['deployment.environment.name'], collector.name);
  const health = (await (await fetch(`${lab.url}/api/health`)).json()) as { source: { kind: string } };
  assert.equal(health.source.kind, 'clickhouse');
});
