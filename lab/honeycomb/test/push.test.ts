import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { CONFIG_KEY, keysFor, LATENCY, makeRoot, RECENT, run, startStandIn } from './fixtures.ts';

const BOTH = { 'latency-by-user.json': LATENCY, 'recent-traces.json': RECENT };

test('push makes a query and an annotation for each file, and one board that shows them', async (t) => {
  const honeycomb = await startStandIn(t);
  const { code, out } = await run(makeRoot(t, BOTH), keysFor(honeycomb), 'push');
  assert.equal(code, 0);
  const { queries, annotations, boards } = honeycomb.environment();
  assert.deepEqual([...annotations.values()].map((a) => a.annotation.name).sort(), [
    'Latency by user',
    'Recent traces',
  ]);
  assert.equal(queries.size, 2);
  assert.equal(boards.size, 1);
  const [board] = boards.values();
  const shown = board!.panels!.map((p) => p.query_panel!.query_annotation_id).sort();
  assert.deepEqual(shown, [...annotations.keys()].sort());
  assert.match(out, /created\s+latency-by-user\.json/);
  assert.match(out, /Board created/);
});

test('a second push changes nothing, also from another clone', async (t) => {
  const honeycomb = await startStandIn(t);
  await run(makeRoot(t, BOTH), keysFor(honeycomb), 'push');
  const before = honeycomb.requests.length;
  const { code, out } = await run(makeRoot(t, BOTH), keysFor(honeycomb), 'push');
  assert.equal(code, 0);
  assert.deepEqual(honeycomb.writes(before), []);
  assert.equal(honeycomb.environment().boards.size, 1);
  assert.match(out, /unchanged\s+latency-by-user\.json/);
  assert.match(out, /Board unchanged/);
});

test('a changed query becomes a new query and annotation, and the panel moves to it', async (t) => {
  const honeycomb = await startStandIn(t);
  const root = makeRoot(t, BOTH);
  await run(root, keysFor(honeycomb), 'push');
  const { boards, annotations, queries } = honeycomb.environment();
  const [board] = boards.values();
  // The learner arranges the board in Honeycomb, and adds a text.
  const text = {
    type: 'text',
    text_panel: { content: '# Mine' },
    position: { x_coordinate: 0, y_coordinate: 9, height: 2, width: 3 },
  };
  board!.panels!.push(text);
  board!.panels![0]!.position = { x_coordinate: 3, y_coordinate: 0, height: 7, width: 9 };
  board!.name = 'My own name';
  const changed = { ...LATENCY, query: { ...LATENCY.query, limit: 10 } };
  writeFileSync(path.join(root, 'queries', 'latency-by-user.json'), JSON.stringify(changed));

  const { code, out } = await run(root, keysFor(honeycomb), 'push');
  assert.equal(code, 0);
  assert.match(out, /changed\s+latency-by-user\.json/);
  assert.match(out, /unchanged\s+recent-traces\.json/);
  assert.equal(queries.size, 3);
  assert.equal(boards.size, 1);
  const [after] = boards.values();
  assert.equal(after!.name, 'My own name');
  assert.deepEqual(after!.panels![2], text);
  assert.deepEqual(after!.panels![0]!.position, { x_coordinate: 3, y_coordinate: 0, height: 7, width: 9 });
  const shown = annotations.get(after!.panels![0]!.query_panel!.query_annotation_id)!.annotation;
  assert.equal(shown.name, 'Latency by user');
  assert.equal(queries.get(shown.query_id)!.spec.limit, 10);
  const names = [...annotations.values()].map((a) => a.annotation.name).sort();
  assert.deepEqual(names, ['Latency by user', 'Latency by user (replaced)', 'Recent traces']);

  const before = honeycomb.requests.length;
  await run(root, keysFor(honeycomb), 'push');
  assert.deepEqual(honeycomb.writes(before), []);
});

test('a new description alone keeps the query and its annotation', async (t) => {
  const honeycomb = await startStandIn(t);
  const root = makeRoot(t, BOTH);
  await run(root, keysFor(honeycomb), 'push');
  writeFileSync(
    path.join(root, 'queries', 'latency-by-user.json'),
    JSON.stringify({ ...LATENCY, description: 'Other words' }),
  );
  const before = honeycomb.requests.length;
  await run(root, keysFor(honeycomb), 'push');
  assert.deepEqual(
    honeycomb.writes(before).map((r) => r.method),
    ['PUT'],
  );
  assert.equal(honeycomb.environment().queries.size, 2);
  assert.equal(honeycomb.environment().annotations.size, 2);
});

test('a new file is added to the board; a removed one stays there and is named', async (t) => {
  const honeycomb = await startStandIn(t);
  const root = makeRoot(t, { 'latency-by-user.json': LATENCY });
  await run(root, keysFor(honeycomb), 'push');
  writeFileSync(path.join(root, 'queries', 'recent-traces.json'), JSON.stringify(RECENT));
  await run(root, keysFor(honeycomb), 'push');
  const [board] = honeycomb.environment().boards.values();
  assert.equal(board!.panels!.length, 2);
  rmSync(path.join(root, 'queries', 'latency-by-user.json'));
  const { out } = await run(root, keysFor(honeycomb), 'push');
  assert.match(out, /Still on the board, but not in queries\/: Latency by user/);
  assert.equal([...honeycomb.environment().boards.values()][0]!.panels!.length, 2);
});

test('a query goes to the whole environment, or to the dataset of the one service that it asks about', async (t) => {
  const honeycomb = await startStandIn(t);
  honeycomb.environment().datasets.add('murmur-api');
  const { out } = await run(makeRoot(t, BOTH), keysFor(honeycomb), 'push');
  const where = [...honeycomb.environment().annotations.values()].map((a) => [a.annotation.name, a.dataset]);
  assert.deepEqual(where, [
    ['Latency by user', '__all__'],
    ['Recent traces', 'murmur-api'],
  ]);
  assert.match(out, /latency-by-user\.json {2}in the whole environment/);
  assert.match(out, /recent-traces\.json {2}in dataset murmur-api \(it asks about this service only\)/);
});

test('a query of a service that has sent nothing yet goes to the whole environment, and stays there', async (t) => {
  const honeycomb = await startStandIn(t);
  const root = makeRoot(t, { 'recent-traces.json': RECENT });
  await run(root, keysFor(honeycomb), 'push');
  assert.equal([...honeycomb.environment().annotations.values()][0]!.dataset, '__all__');
  honeycomb.environment().datasets.add('murmur-api');
  const before = honeycomb.requests.length;
  await run(root, keysFor(honeycomb), 'push');
  assert.deepEqual(honeycomb.writes(before), []);
});

test('two learners of one environment have a board each, and neither touches the other', async (t) => {
  const honeycomb = await startStandIn(t);
  const anna = { ...keysFor(honeycomb), HONEYCOMB_LEARNER: 'Anna' };
  const ben = { ...keysFor(honeycomb), HONEYCOMB_LEARNER: 'Ben' };
  const annasRoot = makeRoot(t, { 'latency-by-user.json': LATENCY });
  const bensRoot = makeRoot(t, { 'latency-by-user.json': LATENCY });
  await run(annasRoot, anna, 'push');
  await run(bensRoot, ben, 'push');
  const { boards } = honeycomb.environment();
  assert.deepEqual(
    [...boards.values()].map((b) => b.name),
    ['Murmur tracing workshop: Anna', 'Murmur tracing workshop: Ben'],
  );
  // They share the annotation of an equal query; when Anna changes hers, Ben's keeps its name.
  const changed = { ...LATENCY, query: { ...LATENCY.query, limit: 10 } };
  writeFileSync(path.join(annasRoot, 'queries', 'latency-by-user.json'), JSON.stringify(changed));
  await run(annasRoot, anna, 'push');
  const before = honeycomb.requests.length;
  await run(bensRoot, ben, 'push');
  assert.deepEqual(honeycomb.writes(before), []);
  const bens = [...boards.values()].find((b) => b.name.endsWith('Ben'))!;
  const shown = bens.panels![0]!.query_panel!.query_annotation_id;
  assert.equal(honeycomb.environment().annotations.get(shown)!.annotation.name, 'Latency by user');
});

for (const status of [500, 503, 'hang up'] as const) {
  test(`a creation that worked, but was answered with ${status}, is not made twice`, async (t) => {
    const honeycomb = await startStandIn(t);
    for (const match of [/POST \/1\/queries/, /POST \/1\/query_annotations/, /POST \/1\/boards/]) {
      honeycomb.fail({ times: 1, status, match, afterwards: true });
    }
    const { code } = await run(makeRoot(t, BOTH), keysFor(honeycomb), 'push');
    assert.equal(code, 0);
    assert.equal(honeycomb.environment().boards.size, 1);
    assert.equal(honeycomb.environment().annotations.size, 2);
  });
}

test('a push that was cut off is completed by the next one', async (t) => {
  const honeycomb = await startStandIn(t);
  const root = makeRoot(t, BOTH);
  // As often as one push tries.
  honeycomb.fail({ times: 4, status: 500, match: /POST \/1\/boards/ });
  assert.equal((await run(root, keysFor(honeycomb), 'push')).code, 1);
  assert.equal(honeycomb.environment().boards.size, 0);
  const { code } = await run(root, keysFor(honeycomb), 'push');
  assert.equal(code, 0);
  assert.equal(honeycomb.environment().annotations.size, 2);
  assert.equal(honeycomb.environment().boards.size, 1);
});

test('a query that Honeycomb refuses is explained field by field', async (t) => {
  const honeycomb = await startStandIn(t);
  const broken = { ...LATENCY, query: { ...LATENCY.query, limit: 5000 } };
  const { code, err } = await run(makeRoot(t, { 'a.json': broken }), keysFor(honeycomb), 'push');
  assert.equal(code, 1);
  assert.match(err, /422, "The provided input is invalid\."\n {2}limit: must be <= 1000/);
  assert.equal(honeycomb.environment().boards.size, 0);
});

test('a file that is no saved query is named, before anything is sent', async (t) => {
  const honeycomb = await startStandIn(t);
  const root = makeRoot(t, BOTH);
  for (const [text, message] of [
    ['{', /queries\/x\.json: this is not JSON/],
    ['[]', /queries\/x\.json: \(the file\): a saved query is/],
    ['{"query":{}}', /queries\/x\.json: name: a saved query has a name/],
    ['{"name":"x"}', /queries\/x\.json: query: it is missing/],
    [readFileSync(path.join(root, 'queries', 'recent-traces.json'), 'utf8'), /have the same "name"/],
  ] as const) {
    writeFileSync(path.join(root, 'queries', 'x.json'), text);
    const { code, err } = await run(root, keysFor(honeycomb), 'push');
    assert.equal(code, 2);
    assert.match(err, message);
  }
  assert.deepEqual(honeycomb.writes(), []);
});

test('without a key, or with the wrong kind of key, push says what to do', async (t) => {
  const honeycomb = await startStandIn(t);
  const root = makeRoot(t, BOTH);
  const none = await run(root, {}, 'push');
  assert.equal(none.code, 2);
  assert.match(none.err, /HONEYCOMB_CONFIG_KEY is missing/);
  const keys = keysFor(honeycomb);
  const wrong = await run(root, { ...keys, HONEYCOMB_CONFIG_KEY: keys.HONEYCOMB_API_KEY }, 'push');
  assert.equal(wrong.code, 1);
  assert.match(wrong.err.replace(/\s+/g, ' '), /401.*of the wrong kind/);
});

test('where Honeycomb takes no SLOs that is told, and the rest is pushed', async (t) => {
  const honeycomb = await startStandIn(t);
  honeycomb.keys.set(CONFIG_KEY, {
    type: 'configuration',
    access: { columns: true, boards: true, createDatasets: true, slos: false },
  });
  honeycomb.environment().datasets.add('murmur-api');
  const root = makeRoot(t, BOTH);
  for (const [file, value] of [
    ['calculated-fields/fast.json', { alias: 'is_fast', expression: '$duration_ms < 500' }],
    [
      'slos/fast.json',
      { name: 'Fast', sli: { alias: 'is_fast' }, time_period_days: 7, target_per_million: 990_000 },
    ],
  ] as const) {
    mkdirSync(path.dirname(path.join(root, 'queries', file)), { recursive: true });
    writeFileSync(path.join(root, 'queries', file), JSON.stringify(value));
  }
  const { code, out } = await run(root, keysFor(honeycomb), 'push');
  assert.equal(code, 0);
  assert.match(out, /created {4}calculated field is_fast/);
  assert.match(out, /SLOs stay here: Honeycomb says 403/);
  assert.equal(honeycomb.environment().boards.size, 1);
});
