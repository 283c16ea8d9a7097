import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  indexSpans,
  nearestKey,
  nearestName,
  SelectionError,
  type Span,
  select,
  selfTimeMs,
  uncoveredIntervals,
} from '../pure.ts';
import { request, sequence, span, T0 } from './spans.ts';

const names = (spans: readonly Span[]) => spans.map((each) => each.name);

test('parents, children, ancestors, descendants, roots', () => {
  const root = span({ name: 'root', ms: 10 });
  const late = span({ name: 'late', at: 5, parent: root });
  const early = span({ name: 'early', at: 1, parent: root });
  const deep = span({ name: 'deep', at: 5, parent: late });
  const other = span({ name: 'other', traceId: 'ff'.repeat(16), spanId: root.spanId });
  const index = indexSpans([deep, late, early, other, root]);
  assert.deepEqual(names(index.trace(root.traceId)), ['root', 'early', 'late', 'deep']);
  assert.deepEqual(names(index.childrenOf(root)), ['early', 'late']);
  assert.deepEqual(names(index.ancestorsOf(deep)), ['late', 'root']);
  assert.deepEqual(names(index.descendantsOf(root)), ['early', 'late', 'deep']);
  assert.deepEqual(names(index.rootsOf(root.traceId)), ['root']);
  assert.equal(index.parentOf(deep), late);
  assert.equal(index.isBelow(deep, root), true);
  assert.equal(index.isBelow(root, root), false);
  assert.equal(index.isBelow(early, late), false);
  // The same span id in another trace is another span.
  assert.equal(index.isBelow(deep, other), false);
  assert.deepEqual(index.childrenOf(other), []);
});

test('equal starts keep the order given; a parent comes before its children though it starts with them', () => {
  const root = span({ name: 'root' });
  const children = ['c', 'a', 'b'].map((name) => span({ name, parent: root }));
  assert.deepEqual(names(indexSpans([...children, root]).trace(root.traceId)), ['root', 'c', 'a', 'b']);
});

test('a parent that was not seen makes a root and an orphan', () => {
  const orphan = span({ name: 'orphan', parent: 'feedfeedfeedfeed' });
  const index = indexSpans([orphan]);
  assert.deepEqual(index.rootsOf(orphan.traceId), [orphan]);
  assert.equal(index.isOrphan(orphan), true);
  assert.equal(index.isOrphan(span({ name: 'root' })), false);
});

test('rings of parents are cut once, and every span stays reachable', () => {
  const id = (n: number) => n.toString(16).padStart(16, 'e');
  const ring = [1, 2, 3].map((n) => span({ name: `r${n}`, spanId: id(n), parent: id((n % 3) + 1) }));
  const self = span({ name: 'self', spanId: id(9), parent: id(9) });
  const tail = span({ name: 'tail', parent: id(2) });
  const index = indexSpans([tail, ...ring, self]);
  assert.deepEqual(names(index.rootsOf(self.traceId)), ['r1', 'self']);
  assert.equal(index.trace(self.traceId).length, 5);
  assert.deepEqual(names(index.ancestorsOf(tail)), ['r2', 'r3', 'r1']);
  assert.deepEqual(index.descendantsOf(self), []);
  assert.equal(index.isBelow(self, self), false);
});

test('of spans with one id the first counts', () => {
  const first = span({ name: 'first' });
  const again = { ...first, name: 'again' };
  const child = span({ name: 'child', parent: first });
  const index = indexSpans([first, again, child]);
  assert.deepEqual(names(index.trace(first.traceId)), ['first', 'child']);
  assert.deepEqual(index.duplicates, [again]);
  assert.equal(index.parentOf(child), first);
});

test('a chain of 50,000 spans does not overflow', () => {
  const chain = [span({ name: 'top' })];
  for (let i = 1; i < 50_000; i++) chain.push(span({ name: 'link', parent: chain[i - 1]! }));
  const index = indexSpans(chain.reverse());
  assert.equal(index.ancestorsOf(chain[0]!).length, 49_999);
  assert.equal(index.descendantsOf(chain.at(-1)!).length, 49_999);
});

test('selection: conditions narrow, order stays, words say what was asked', () => {
  const { spans, server, list } = request(100);
  server.attributes['http.route'] = '/feed';
  const inside = sequence(2, 1, {
    name: 'pg.query:SELECT',
    kind: 'CLIENT',
    scope: 'instrumentation-pg',
    parent: list,
  });
  const outside = span({ name: 'pg.query:SELECT', kind: 'CLIENT', scope: 'instrumentation-pg' });
  const all = [outside, ...inside, ...spans];
  assert.equal(select(all).kind('SERVER').attribute('http.route', '/feed').only(), server);
  assert.deepEqual(select(all).scope(/pg/g).below(list).all(), inside);
  assert.deepEqual(select(indexSpans(all)).name(/^pg/).all(), [outside, ...inside]);
  assert.equal(select(all).attribute('http.route').count(), 1);
  assert.equal(select(all).attribute('http.route', /^\/f/).first(), server);
  assert.equal(
    select(all)
      .attribute('http.route', (value) => value === 1)
      .first(),
    undefined,
  );
  const empty = select(all).kind('SERVER').name('GET /users');
  assert.deepEqual(empty.steps(), [
    { words: 'kind SERVER', left: 1 },
    { words: 'name "GET /users"', left: 0 },
  ]);
  assert.throws(() => empty.only(), {
    message: 'Wanted one span (kind SERVER, name "GET /users") and found none.',
  });
  assert.throws(
    () => select(all).scope(/pg/).only(),
    (error) => error instanceof SelectionError && error.found.length === 3,
  );
});

test('near misses: case, separators, spelling, prefixes; and nothing where nothing is near', () => {
  assert.deepEqual(nearestName('rank feed', ['list', 'Rank Feed']), {
    candidate: 'Rank Feed',
    difference: 'case',
    distance: 0,
  });
  assert.equal(nearestName('rank feed', ['list', 'rankFeed'])?.difference, 'separators');
  assert.deepEqual(nearestName('rank feed', ['GET /feed', 'rnak feed', 'list']), {
    candidate: 'rnak feed',
    difference: 'spelling',
    distance: 1,
  });
  assert.equal(nearestName('rank feed', ['GET /feed', 'list', '']), null);
  assert.equal(nearestName('rank feed', ['Rank feed', 'rank feed'])?.difference, 'none');
  assert.equal(nearestKey('user.id', { userId: 1, name: 2 })?.candidate, 'userId');
  assert.equal(nearestKey('user.id', ['http.route', 'app.user.id'])?.difference, 'prefix');
  assert.equal(nearestKey('user.id', ['http.route', 'id', 'z'.repeat(100_000)]), null);
});

test('self time: what no child covers, however they overlap or stick out', () => {
  const parent = span({ name: 'p', at: 0, ms: 100 });
  const children = [
    span({ name: 'before', at: -10, ms: 20 }),
    span({ name: 'overlapping', at: 40, ms: 20 }),
    span({ name: 'inside that', at: 45, ms: 5 }),
    span({ name: 'touching', at: 60, ms: 10 }),
    span({ name: 'past the end', at: 90, ms: 500 }),
  ];
  assert.deepEqual(
    uncoveredIntervals(parent, children.reverse()).map((each) => [each.startMs - T0, each.endMs - T0]),
    [
      [10, 40],
      [70, 90],
    ],
  );
  assert.equal(selfTimeMs(parent, children), 50);
  assert.equal(selfTimeMs(parent, []), 100);
  assert.equal(selfTimeMs(parent, [span({ name: 'all', at: -1, ms: 200 })]), 0);
});
