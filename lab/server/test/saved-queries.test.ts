import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Lab, startLab } from '../index.ts';

let lab: Lab;
let dir: string;
let queries: string;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lab-saved-'));
  queries = join(dir, 'queries');
  await start();
});
after(async () => {
  await lab.close();
  await rm(dir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  lab = await startLab({ dir: join(dir, 'data'), port: 0, otlpPort: 0, queries });
}

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape are looked into here
type Answer = { status: number; body: any };

async function ask(method: string, path: string, body?: unknown, headers = {}): Promise<Answer> {
  const answer = await fetch(lab.url + path, {
    method,
    headers: { 'content-type': 'application/json', 'x-murmur-lab': '1', origin: lab.url, ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}
const slow = { calculations: [{ op: 'P95', column: 'duration_ms' }], breakdowns: ['user.id'] };
const toSave = (query: object = slow, replaces: string | null = null) => ({
  name: 'Slow <users>',
  description: 'Who waits.',
  query,
  replaces,
});
const read = (file: string): { query: object } => JSON.parse(readFileSync(join(queries, file), 'utf8'));

test('a query is saved as a file, listed as a panel, written over with a copy, and taken back', async () => {
  const first = await ask('PUT', '/api/saved-queries/slow', toSave());
  assert.deepEqual([first.status, first.body.file, first.body.kept], [200, 'slow.json', null]);
  assert.deepEqual(read('slow.json'), { name: 'Slow <users>', description: 'Who waits.', query: slow });
  const { body: list } = await ask('GET', '/api/saved-queries');
  assert.deepEqual(list.queries, [
    {
      file: 'slow.json',
      ...read('slow.json'),
      version: first.body.version,
      style: 'combo',
      dataset: '__all__',
    },
  ]);

  const counted = await ask('PUT', '/api/saved-queries/slow', toSave({}, first.body.version));
  assert.equal(counted.body.kept, 'kept/slow-1.json');
  assert.deepEqual(read('kept/slow-1.json').query, slow);
  const back = await ask('POST', '/api/saved-queries/slow/undo', {
    version: counted.body.version,
    kept: counted.body.kept,
  });
  assert.deepEqual(back.body, { file: 'slow.json', version: first.body.version });
  assert.deepEqual(read('slow.json').query, slow);
  const gone = await ask('POST', '/api/saved-queries/slow/undo', { version: first.body.version, kept: null });
  assert.deepEqual(gone.body, { file: 'slow.json', version: null });
  assert.equal(existsSync(join(queries, 'slow.json')), false);
});

test('nothing is written over that its writer has not seen, and nothing taken back that was changed since', async () => {
  const mine = await ask('PUT', '/api/saved-queries/seen', toSave());
  writeFileSync(join(queries, 'seen.json'), '{"name": "by hand", "query": {}}');
  const text = readFileSync(join(queries, 'seen.json'), 'utf8');
  for (const replaces of [null, mine.body.version]) {
    const { status, body } = await ask('PUT', '/api/saved-queries/seen', toSave(slow, replaces));
    assert.equal(status, 409);
    assert.match(body.detail, /seen\.json/);
  }
  const undo = await ask('POST', '/api/saved-queries/seen/undo', { version: mine.body.version, kept: null });
  assert.equal(undo.status, 409);
  assert.equal(readFileSync(join(queries, 'seen.json'), 'utf8'), text);
});

test('two at once: one is written, the other is told', async () => {
  const both = await Promise.all(
    [1, 2].map(() => ask('PUT', '/api/saved-queries/both', toSave({ calculations: [{ op: 'COUNT' }] }))),
  );
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409]);
});

test('a query that cannot run, or one without a name, is refused at its field', async () => {
  const bad = await ask('PUT', '/api/saved-queries/bad', toSave({ calculations: [{ op: 'P95' }] }));
  assert.equal(bad.status, 422);
  assert.match(bad.body.type_detail[0].field, /^calculations\[0\]/);
  const nameless = await ask('PUT', '/api/saved-queries/bad', { ...toSave(), name: ' ' });
  assert.equal(nameless.body.type_detail[0].field, 'name');
  assert.equal(existsSync(join(queries, 'bad.json')), false);
});

test('nothing is written outside of the folder, whatever the name and whatever is a link', async () => {
  for (const name of ['..%2fevil', '..', 'a%2fb', 'a.b', '%00', 'C:evil', 'nul', 'x'.repeat(200)]) {
    const { status } = await ask('PUT', `/api/saved-queries/${name}`, toSave());
    assert.ok(status >= 400 && status < 500, `${name} was answered ${status}`);
  }
  const outside = join(dir, 'outside.json');
  writeFileSync(outside, '{}');
  symlinkSync(outside, join(queries, 'linked.json'));
  const version = createHash('sha256').update('{}').digest('hex').slice(0, 16);
  for (const replaces of [null, version])
    assert.equal((await ask('PUT', '/api/saved-queries/linked', toSave(slow, replaces))).status, 409);
  const saved = await ask('PUT', '/api/saved-queries/inside', toSave());
  mkdirSync(join(queries, 'kept'), { recursive: true });
  writeFileSync(join(queries, 'kept', 'other-1.json'), '{}');
  for (const kept of [
    '../outside.json',
    'kept/../../outside.json',
    'kept/other-1.json',
    'kept/../inside-1.json',
  ]) {
    const undo = await ask('POST', '/api/saved-queries/inside/undo', { version: saved.body.version, kept });
    assert.equal(undo.status, 409, kept);
  }
  assert.equal(readFileSync(outside, 'utf8'), '{}');
  assert.deepEqual(readdirSync(dir).sort(), ['data', 'outside.json', 'queries']);
});

test("another page cannot write: the lab's header and its own origin are asked for", async () => {
  for (const headers of [
    { 'x-murmur-lab': undefined },
    { origin: 'http://evil.example' },
    { 'content-type': 'text/plain' },
  ] as Record<string, string>[]) {
    const given = Object.fromEntries(
      Object.entries({
        'content-type': 'application/json',
        'x-murmur-lab': '1',
        origin: lab.url,
        ...headers,
      }).filter(([, value]) => value !== undefined),
    );
    for (const [method, path] of [
      ['PUT', '/api/saved-queries/foreign'],
      ['POST', '/api/query-history'],
    ] as const) {
      const answer = await fetch(lab.url + path, { method, headers: given, body: JSON.stringify(toSave()) });
      assert.ok(answer.status === 403 || answer.status === 415, `${method} ${path} ${answer.status}`);
    }
  }
  assert.equal(existsSync(join(queries, 'foreign.json')), false);
});

test('a file that is no saved query is named, and the others are listed', async () => {
  mkdirSync(queries, { recursive: true });
  writeFileSync(join(queries, 'torn.json'), '{"name": ');
  const { body } = await ask('GET', '/api/saved-queries');
  assert.deepEqual(
    body.problems.map(({ file }: { file: string }) => file),
    ['linked.json', 'torn.json'],
  );
  assert.ok(body.queries.length > 0);
});

test('the queries that ran are there after a restart, the newest first, each once', async () => {
  for (const query of [slow, {}, slow]) await ask('POST', '/api/query-history', { query });
  await lab.close();
  await start();
  const { body } = await ask('GET', '/api/query-history');
  assert.deepEqual(
    body.entries.map(({ query, times }: { query: object; times: number }) => [query, times]),
    [
      [slow, 2],
      [{}, 1],
    ],
  );
});

test('a lab without a folder says so, and has no way to write', async () => {
  const other = await startLab({ dir: join(dir, 'other'), port: 0, otlpPort: 0 });
  try {
    const list = (await (await fetch(`${other.url}/api/saved-queries`)).json()) as { folder: string | null };
    assert.equal(list.folder, null);
  } finally {
    await other.close();
  }
});
