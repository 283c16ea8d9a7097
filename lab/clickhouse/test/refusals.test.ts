import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freePort } from '@workshop/base';
import { runLabProgram } from '../../cli/program.ts';
import type { Engine } from './engine.ts';
import { type Front, type FrontUser, startFront } from './http-front.ts';

/** What `npm run lab -- --store …` says when it cannot read. No ClickHouse is needed for that: its answers are known. */

let root: string;
let front: Front;
/** What the engine is to answer. */
let answers: (sql: string) => string;
let version = '26.8.20.9';
const engine: Engine = {
  run: async (sql) =>
    Buffer.from(sql.startsWith('select version()') ? `${JSON.stringify({ version })}\n` : answers(sql)),
  close() {},
};
const USERS: Record<string, FrontUser> = {
  reader: { password: 'right', readOnly: true },
  stranger: { password: 'right', noRights: true },
};

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'lab-clickhouse-'));
  front = await startFront(engine, { users: USERS });
});
after(async () => {
  await front.close();
  await rm(root, { recursive: true, force: true });
});

/** Runs the command until it refuses. */
async function refusal(store: string, password = 'right'): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const world = { root, env: { CLICKHOUSE_PASSWORD: password }, out: say, err: say };
  const code = await runLabProgram(['lab', '--no-page', '--port', '0', '--store', store], world);
  // Lines are broken to fit a terminal.
  return { code, text: lines.join(' ').replaceAll('\n', ' ') };
}

const address = (user: string, port = front.port): string => `clickhouse://${user}@127.0.0.1:${port}/otel`;

const COLUMNS = {
  ...Object.fromEntries(
    ['TraceId', 'SpanId', 'ParentSpanId', 'TraceState', 'SpanName', 'SpanKind'].map((n) => [n, 'String']),
  ),
  Timestamp: 'DateTime64(9)',
};

test('a server that is not there', async () => {
  const port = await freePort();
  const { code, text } = await refusal(address('reader', port));
  assert.equal(code, 1);
  assert.match(text, new RegExp(`ClickHouse does not answer at clickhouse://reader@127.0.0.1:${port}/otel`));
  assert.match(text, /Check host and port/);
});

test('a wrong password, which is not repeated', async () => {
  const { code, text } = await refusal(address('reader'), 'wrong-one');
  assert.equal(code, 1);
  assert.match(text, /ClickHouse refuses the user reader/);
  assert.match(text, /CLICKHOUSE_PASSWORD/);
  assert.ok(!text.includes('wrong-one'));
});

test('a user without rights gets the statement that gives them', async () => {
  const { code, text } = await refusal(address('stranger'));
  assert.equal(code, 1);
  assert.match(text, /GRANT SELECT ON otel\.otel_traces TO stranger/);
});

test('a table or a database that is missing', async () => {
  answers = () => {
    throw new Error('Code: 60. DB::Exception: Table otel.otel_traces does not exist. (UNKNOWN_TABLE)');
  };
  const { code, text } = await refusal(address('reader'));
  assert.equal(code, 1);
  assert.match(text, /The database otel has no table otel_traces\. Start the Collector/);
  answers = () => {
    throw new Error('Code: 81. DB::Exception: Database otel does not exist. (UNKNOWN_DATABASE)');
  };
  assert.match((await refusal(address('reader'))).text, /ClickHouse has no database otel/);
});

test('a table of another version, or of another kind', async () => {
  const described = (columns: Record<string, string>) => () =>
    Object.entries(columns)
      .map(([name, type]) => `${JSON.stringify({ name, type })}\n`)
      .join('');
  answers = described(COLUMNS);
  const { code, text } = await refusal(address('reader'));
  assert.equal(code, 1);
  assert.match(
    text,
    /has no column ServiceName, so it is not the one that the lab reads\. It must be otel_traces/,
  );
  const all = [
    'ServiceName ResourceAttributes ScopeName ScopeVersion SpanAttributes Duration StatusCode StatusMessage',
    'Events.Timestamp Events.Name Events.Attributes Links.TraceId Links.SpanId Links.TraceState Links.Attributes',
  ].join(' ');
  const rest = Object.fromEntries(all.split(' ').map((name) => [name, 'LowCardinality(String)']));
  answers = described({ ...COLUMNS, ...rest, ResourceAttributes: 'JSON' });
  assert.match((await refusal(address('reader'))).text, /of the type JSON.*Let the exporter write maps/);
});

test('a server that is too old', async () => {
  version = '23.8.1.1';
  const { code, text } = await refusal(address('reader'));
  version = '26.8.20.9';
  assert.equal(code, 1);
  assert.match(text, /is of version 23\.8\.1\.1, and the lab needs 25 or newer\. Update the server/);
});

test('a port of something else, and one that speaks no TLS', async () => {
  const other: Server = createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const plain = await refusal(address('reader', port));
  const secure = await refusal(`${address('reader')}?secure=true`);
  other.close();
  assert.equal(plain.code, 1);
  assert.match(plain.text, /does not speak this protocol/);
  assert.equal(secure.code, 1);
  assert.match(secure.text, /does not speak this protocol/);
});

test('an address that is none is wrong usage', async () => {
  const { code, text } = await refusal('localhost:8123');
  assert.equal(code, 2);
  assert.match(text, /must be an address such as clickhouse:/);
});
