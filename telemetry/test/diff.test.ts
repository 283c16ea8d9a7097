import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffTraces } from '../pure.ts';
import { request, sequence, span } from './spans.ts';

const labels = { a: 'the solution', b: 'yours' };

function feed(database: string, withRanking: boolean) {
  const { spans, list, server } = request(100);
  const query = { name: `pg.query:SELECT ${database}`, kind: 'CLIENT' } as const;
  const rank = withRanking ? [span({ name: 'rank feed', parent: list, scope: 'murmur' })] : [];
  const queries = sequence(163, 1, { ...query, parent: rank[0] ?? list });
  return { spans: [...spans, ...rank, ...queries], server, list };
}

test('equal but for ids, times and the name of the database: no difference', () => {
  assert.deepEqual(diffTraces(feed('one', true).spans, feed('two', true).spans).lines, []);
});

test('a missing span and what was below it', () => {
  const diff = diffTraces(feed('one', true).spans, feed('two', false).spans, { labels });
  assert.deepEqual(diff.lines, [
    'Only in the solution: "rank feed" (INTERNAL), below "list".',
    '"pg.query:SELECT" is below "rank feed" in the solution, and below "list" in yours.',
  ]);
  assert.equal(diff.moved.length, 1);
  assert.equal(diff.moved[0]!.a.count, 163);
});

test('an extra span with others below it is one line', () => {
  const more = feed('one', false);
  const extra = span({ name: 'cache', parent: more.list });
  const below = sequence(2, 1, { name: 'get', parent: extra });
  const diff = diffTraces(feed('one', false).spans, [...more.spans, extra, ...below], { labels });
  assert.deepEqual(diff.lines, [
    'Only in yours: "cache" (INTERNAL), below "list", with 2 more spans below it.',
  ]);
});

test('counts, kinds, statuses and attributes', () => {
  const a = span({
    name: 'GET /feed',
    kind: 'SERVER',
    attributes: { 'user.id': '4711', rows: 12, layout: 'A' },
  });
  const b = span({
    name: 'GET /feed',
    kind: 'SERVER',
    error: true,
    attributes: { rows: '12', layout: 'B', more: true },
  });
  const diff = diffTraces(
    [
      a,
      ...sequence(163, 1, { name: 'query', parent: a }),
      span({ name: 'send', kind: 'PRODUCER', parent: a }),
    ],
    [b, ...sequence(1, 1, { name: 'query', parent: b }), span({ name: 'send', parent: b })],
    { labels },
  );
  assert.deepEqual(diff.lines, [
    '"send" has the kind PRODUCER in the solution, and INTERNAL in yours.',
    '"query" below "GET /feed": 163 times in the solution, once in yours.',
    '"GET /feed": status UNSET in the solution, ERROR in yours.',
    '"GET /feed": layout is "A" in the solution, and "B" in yours.',
    '"GET /feed": the attribute more is only in yours.',
    '"GET /feed": rows is 12 in the solution, and "12" in yours.',
    '"GET /feed": the attribute user.id is only in the solution.',
  ]);
  const quiet = diffTraces([a], [b], {
    ignoreKeys: [/^more$/, /^user/, /^rows$/],
    ignoreValues: [/^layout$/],
  });
  assert.deepEqual(quiet.attributes, []);
});

test('values that differ in every run are not compared, their presence is', () => {
  const a = span({ name: 'x', attributes: { 'user.id': '1', 'network.peer.port': 5 } });
  const b = span({ name: 'x', attributes: { 'user.id': '2', 'network.peer.port': 6 } });
  const c = span({ name: 'x', attributes: { 'network.peer.port': 6 } });
  assert.deepEqual(diffTraces([a], [b]).lines, []);
  assert.deepEqual(
    diffTraces([a], [c]).attributes.map((each) => each.key),
    ['user.id'],
  );
});

test('hostile names stay on one line', () => {
  const diff = diffTraces([span({ name: 'a\n\x1b[31mred'.padEnd(9000, 'x') })], []);
  assert.equal(diff.lines.length, 1);
  assert.match(diff.lines[0]!, /^[\x20-\x7e]{1,200}$/);
});
