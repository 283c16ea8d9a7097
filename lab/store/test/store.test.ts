import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '@workshop/base';
import type { Span } from '@workshop/telemetry';
import { traceById } from '../../analysis/index.ts';
import { sampleSpans } from '../../test/sample-spans.ts';
import { Database, RowBatchBuilder, Store, StoreBusy, StoreError } from '../index.ts';
import { RemoteRows } from '../row-port.ts';

const folders: string[] = [];
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});
async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'lab-store-'));
  folders.push(path);
  return path;
}
async function count(store: Store): Promise<number> {
  const [row] = await store.all('select count(*)::double as n from spans where span_id is not null');
  return row?.n as number;
}

test('spans are there after a restart, and a copy is stored once', async () => {
  const dir = await folder();
  const spans = sampleSpans({ requests: 30, endMs: Date.now() });
  const store = await Store.open({ dir });
  assert.deepEqual(await store.write(spans), { stored: 120, duplicates: 0 });
  assert.deepEqual(await store.write(spans.slice(0, 50)), { stored: 0, duplicates: 50 });
  await store.close();
  const again = await Store.open({ dir });
  assert.equal(await count(again), 120);
  assert.deepEqual(
    await again.write([...spans, ...sampleSpans({ requests: 1, endMs: Date.now(), seed: 9 })]),
    { stored: 4, duplicates: 120 },
  );
  assert.equal(await count(again), 124);
  assert.ok((await again.catalogue()).isInResources('process.pid'));
  await again.close();
});

test('a new file has the compression of texts that is read fastest, and texts of every kind come back from it', async (t) => {
  const dir = await folder();
  const kinds = ['', ' ', 'a', 'schön', '🦆🦆', 'x'.repeat(65_535), '\n\r\t', '4711', 'null'];
  const spans = sampleSpans({ requests: 500, endMs: Date.now() }).map((span, n) => ({
    ...span,
    attributes: { 'of a kind': kinds[n % kinds.length] as string, 'its own': `${n} ${kinds[n % 5]}` },
  }));
  const store = await Store.open({ dir });
  await store.write(spans);
  await store.close();
  const again = await Store.open({ dir });
  t.after(() => again.close());
  const [file] = await again.all(
    `select tags['storage_version'] as format from duckdb_databases() where not internal`,
  );
  assert.match(String(file?.format), /^v1\.5/);
  const used = await again.all(
    `select distinct compression from pragma_storage_info('spans') where column_name = 'attrs' and segment_type = 'VARCHAR'`,
  );
  assert.ok(used.some(({ compression }) => compression === 'DICT_FSST'));
  const rows = await again.all(`select span_id, attrs['of a kind'] as a, attrs['its own'] as b from spans`);
  const stored = new Map(rows.map(({ span_id, a, b }) => [span_id, [a, b]]));
  for (const { spanId, attributes } of spans)
    assert.deepEqual(stored.get(spanId), [attributes['of a kind'], attributes['its own']]);
});

test('a thousand new attributes in one write are all known, also after a restart', async () => {
  const dir = await folder();
  const store = await Store.open({ dir });
  const [span, ...others] = sampleSpans({ requests: 1, endMs: Date.now() });
  const keys = Array.from({ length: 1_203 }, (_, n) => `key.${n}`);
  const attributes = Object.fromEntries(keys.map((key, n) => [key, n]));
  await store.write([{ ...(span as Span), attributes }, ...others]);
  await store.close();
  const again = await Store.open({ dir });
  const catalogue = await again.catalogue();
  assert.deepEqual(
    keys.filter((key) => catalogue.types(key).join() !== 'integer'),
    [],
  );
  await again.close();
});

test('a store that is closed while others read from it ends their reading first', async () => {
  // Hours of work for a database, so that it is under way whenever the store is closed.
  const forever = 'select sum(a.range * b.range) as n from range(10000000) a, range(10000000) b';
  for (let round = 0; round < 3; round++) {
    const store = await Store.open({ dir: await folder() });
    const rows = new RemoteRows(store.rowPort());
    await rows.all('select 1 as one');
    const reading = [rows.all(forever), rows.all(forever), store.all(forever)];
    const ends = reading.map((one) => assert.rejects(one));
    await store.all('select 1 as one');
    await store.close();
    await Promise.all(ends);
  }
});

test('reading that has only just been asked for is ended, too', async () => {
  const database = await Database.open(join(await folder(), 'spans.duckdb'));
  await database.all('select 1 as one'); // there is a connection now, so that what comes next is asked at once
  const reading = database.all('select sum(a.range * b.range) as n from range(20000) a, range(50000) b');
  const ends = assert.rejects(reading, /nterrupt/);
  await database.endReads();
  await ends;
  await database.close();
});

test('a second owner is told who has the data', async (t) => {
  const dir = await folder();
  const store = await Store.open({ dir });
  t.after(() => store.close());
  await assert.rejects(
    Store.open({ dir }),
    (error: Error) => error instanceof StoreError && /already has/.test(error.message),
  );
  const script = fileURLToPath(new URL('./writes-until-killed.ts', import.meta.url));
  const child = spawn(process.execPath, [script, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (part) => {
    output += part;
  });
  const code = await new Promise((resolve) => child.on('exit', resolve));
  assert.equal(code, 7);
  assert.match(output, /Another process.* already has the lab's data open/);
});

test('what was written is there after the process was killed', async () => {
  const dir = await folder();
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./writes-until-killed.ts', import.meta.url)), dir],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let written = 0;
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (part: Buffer) => {
      for (const line of part.toString().trim().split('\n')) written = Math.max(written, Number(line) || 0);
      if (written >= 2000) resolve();
    });
    child.once('exit', () => resolve());
  });
  child.kill('SIGKILL');
  await new Promise((resolve) =>
    child.exitCode === null && child.signalCode === null ? child.once('exit', resolve) : resolve(null),
  );
  assert.ok(written >= 2000);
  const store = await Store.open({ dir });
  assert.ok((await count(store)) >= written, 'an answered write is gone');
  const [row] = await store.all(
    'select count(*)::double as n from (select trace_id, span_id from spans group by all having count(*) > 1)',
  );
  assert.equal(row?.n, 0);
  await store.close();
});

test('many writes at once share commits and all arrive', async () => {
  const store = await Store.open({ dir: await folder() });
  const results = await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      store.write(sampleSpans({ requests: 10, endMs: Date.now(), seed: i + 2 })),
    ),
  );
  assert.equal(
    results.reduce((sum, result) => sum + result.stored, 0),
    1600,
  );
  assert.equal(await count(store), 1600);
  await store.close();
});

test('a store that cannot keep up says so', async () => {
  const store = await Store.open({ dir: await folder(), maxWaitingRows: 100 });
  const first = store.write(sampleSpans({ requests: 50, endMs: Date.now() }));
  await assert.rejects(store.write(sampleSpans({ requests: 1, endMs: Date.now(), seed: 5 })), StoreBusy);
  await first;
  assert.equal((await store.write(sampleSpans({ requests: 1, endMs: Date.now(), seed: 5 }))).stored, 4);
  await store.close();
});

test('retention deletes what is too old, and the oldest when there is too much', async () => {
  const now = Date.now();
  const recorded = sampleSpans({ requests: 50, endMs: now - 3 * 3_600_000 });
  const store = await Store.open({ dir: await folder(), retention: { maxAgeHours: 2 } });
  await store.write(recorded);
  assert.equal(await store.retain(now), 0, 'an old recording that came today is new here');
  assert.ok((await store.retain(now + 3 * 3_600_000)) >= 200);
  assert.equal(await count(store), 0);
  assert.equal(store.removed?.atMs, now + 3 * 3_600_000);
  await store.close();
  const kept = await Store.open({ dir: await folder(), retention: { maxAgeHours: 2, keepRows: 150 } });
  await kept.write(recorded);
  await kept.retain(now + 8 * 86_400_000);
  assert.equal((await kept.size()).rows, 150, 'a clock eight days ahead leaves what came last');
  await kept.close();
  const fresh = sampleSpans({ requests: 50, endMs: now, seed: 7 });
  const small = await Store.open({ dir: await folder(), retention: { maxBytes: 1 } });
  await small.write(fresh);
  assert.ok((await small.retain(now)) > 100);
  assert.ok((await count(small)) < 100);
  await small.close();
});

test('a database gives memory back, but not while many rows are written', async (t) => {
  // However long a busy machine takes, it is still the same pouring.
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const database = await Database.open(join(await folder(), 'spans.duckdb'));
  const gives = async (): Promise<unknown> =>
    (await database.all("select current_setting('allocator_background_threads') as gives"))[0]?.gives;
  const write = async (requests: number): Promise<void> => {
    const builder = new RowBatchBuilder();
    for (const span of sampleSpans({ requests, endMs: Date.now() })) builder.add(span);
    await database.append([builder.build()]);
  };
  assert.equal(await gives(), true);
  await write(1);
  assert.equal(await gives(), true);
  await write(300);
  assert.equal(await gives(), false);
  await write(1);
  assert.equal(await gives(), false);
  await database.giveMemoryBack();
  assert.equal(await gives(), true);
  await database.close();
});

test('after much was written the store has memory given back', async (t) => {
  const store = await Store.open({ dir: await folder() });
  t.after(() => store.close());
  const gives = async (): Promise<boolean> =>
    (await store.all("select current_setting('allocator_background_threads') as gives"))[0]?.gives === true;
  const writing = store.write(sampleSpans({ requests: 300, endMs: Date.now() }));
  assert.ok(await until(async () => !(await gives()), { maxMs: 20_000 }));
  await writing;
  assert.ok(await until(gives, { maxMs: 20_000 }));
});

test('a database closes when its statements have ended, and refuses those that come later', async () => {
  const database = await Database.open(join(await folder(), 'spans.duckdb'));
  const late: Promise<void>[] = [];
  // As a checkpoint that takes longer than the next one waits for: one runs, one stands behind it.
  const first = database.run('create table slow as select i from range(3000000) t(i)');
  const second = database.run('checkpoint');
  const closed = database.close();
  late.push(database.run('checkpoint'), database.run('select 1'));
  await Promise.all([first, second, closed]);
  for (const one of late) await assert.rejects(one, /the store is closed/);
  await assert.rejects(database.run('select 1'), /the store is closed/);
});

for (const layout of [1, 2])
  test(`data of layout ${layout} is brought to this one`, async (t) => {
    const dir = await folder();
    const old = await Database.open(join(dir, 'spans.duckdb'));
    const builder = new RowBatchBuilder(layout === 1 ? null : 1);
    const spans = sampleSpans({ requests: 2, endMs: Date.now() });
    for (const span of spans) builder.add(span);
    await old.append([builder.build()]);
    if (layout === 1) await old.run('alter table spans drop column received_ms');
    await old.run('alter table resources drop column scope_attrs');
    await old.run('alter table resources drop column scope_shape');
    await old.run(`update layout set version = ${layout}`);
    await old.close();
    const store = await Store.open({ dir });
    t.after(() => store.close());
    await store.write(sampleSpans({ requests: 1, endMs: Date.now(), seed: 7 }));
    const received = layout === 1 ? 'start_ms' : '1';
    const [row] = await store.all(
      `select count(*)::double as n, count(*) filter (where received_ms = ${received})::double as old, count(received_ms)::double as known from spans`,
    );
    assert.deepEqual(row, { n: spans.length + 4, old: spans.length, known: spans.length + 4 });
    const trace = await traceById(store, spans[0]?.traceId as string);
    assert.deepEqual(
      JSON.parse(JSON.stringify(trace)),
      spans.slice(0, 4).map((span) => ({ ...span, traceFlags: 1 })),
    );
  });
