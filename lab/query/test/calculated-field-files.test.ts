import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { sampleSpans } from '../../test/sample-spans.ts';
import { openQueryEngine, type QueryError, readCalculatedFields } from '../index.ts';

const NOW = 1_795_000_000_000;

function folder(t: { after(clean: () => void): void }, files: Record<string, string>): string {
  const queries = mkdtempSync(path.join(tmpdir(), 'lab-fields-'));
  t.after(() => rmSync(queries, { recursive: true, force: true }));
  mkdirSync(path.join(queries, 'calculated-fields'));
  for (const [file, text] of Object.entries(files))
    writeFileSync(path.join(queries, 'calculated-fields', file), text);
  return queries;
}

test('a calculated field in a file can be grouped by, filtered by, and hidden by one of the query', async (t) => {
  const field = {
    alias: 'reach',
    expression: 'IF($murmur.feed.following_count > 100, "far", "near")',
    description: '',
  };
  const savedFields = readCalculatedFields(folder(t, { 'reach.json': JSON.stringify(field) }));
  const engine = await openQueryEngine(sampleSpans({ requests: 40, endMs: NOW }));
  t.after(() => engine.close());
  const roots = [{ column: 'trace.parent_id', op: 'does-not-exist' }];
  const run = async (query: object) =>
    (await engine.run(query, { now: NOW, savedFields, disableSeries: true })).data.results.map(
      ({ data }) => data,
    );
  assert.deepEqual(await run({ breakdowns: ['reach'], filters: roots }), [
    { reach: 'near', COUNT: 38 },
    { reach: 'far', COUNT: 2 },
  ]);
  const far = { column: 'reach', op: '=', value: 'far' };
  assert.deepEqual(await run({ filters: [...roots, far] }), [{ COUNT: 2 }]);
  const own = [{ name: 'reach', expression: '"far"' }];
  assert.deepEqual(await run({ filters: [...roots, far], calculated_fields: own }), [{ COUNT: 40 }]);
});

test('each file with a problem is named', (t) => {
  const files = {
    'a.json': '{',
    'b.json': '{"alias": "b"}',
    'c.json': '{"alias": "c", "expression": "IF($x"}',
    'd.json': '{"alias": "d", "expression": "NO()"}',
    'e.json': '{"alias": "e", "expression": "1"}',
    'f.json': '{"alias": "e", "expression": "2"}',
    'g.json': 'null',
    'notes.txt': 'not one of them',
  };
  assert.throws(
    () => readCalculatedFields(folder(t, files)),
    (error: QueryError) => {
      const named = error.problems.map((problem) => problem.field.replace('calculated-fields/', ''));
      assert.deepEqual(named, ['a.json', 'b.json', 'c.json', 'd.json', 'f.json', 'g.json']);
      return true;
    },
  );
  assert.deepEqual(readCalculatedFields(path.join(tmpdir(), 'there is no such folder')), []);
});

test('a regular expression that the database cannot read is a problem of the query', async (t) => {
  const engine = await openQueryEngine([]);
  t.after(() => engine.close());
  const calculated_fields = [{ name: 'x', expression: 'REG_MATCH($name, `(`)' }];
  await assert.rejects(
    engine.run({ calculated_fields }),
    /calculated_fields\[0\]\.expression: the regular expression "\(" cannot be read: missing \)/,
  );
});
