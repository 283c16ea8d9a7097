import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayWidth, renderWaterfall, type Span } from '../pure.ts';
import { request, sequence, span, T0 } from './spans.ts';

const QUERY = { name: 'pg.query:SELECT murmur', kind: 'CLIENT' } as const;

function block(...lines: string[]): string {
  return lines.join('\n');
}

test('a feed request: middleware and queries collapse, time without a span is shown', () => {
  const { spans, list } = request(1291, 2);
  const queries = sequence(165, 6.5, { ...QUERY, at: 3, parent: list });
  assert.equal(
    renderWaterfall([...spans, ...queries], { indent: 0, header: false }),
    block(
      'GET /feed                              SERVER    1291 ms |##################|',
      '  middleware x 5                       INTERNAL     2 ms |#                 |',
      '  request handler                      INTERNAL  1288 ms |##################|',
      '    FeedController.list                INTERNAL  1288 ms |##################|',
      '      list                             INTERNAL  1287 ms |##################|',
      '        pg.query:SELECT murmur x 165   CLIENT    1073 ms |###############   |',
      '        (no span covers this)                     213 ms |               ###|',
    ),
  );
});

test('an attribute on the wrong span: where it is missing and where it was found', () => {
  const { spans, server, controller, list } = request(93, 3);
  const queries = sequence(12, 6.7, { ...QUERY, at: 6, parent: list });
  assert.equal(
    renderWaterfall([...spans, ...queries], {
      title: 'GET /feed, signed in as user 4711',
      annotations: [
        { spanId: server.spanId, text: 'MISSING HERE: user.id' },
        { spanId: controller.spanId, text: 'FOUND HERE: user.id = "4711"' },
      ],
    }),
    block(
      '  trace 4c1d90e2   GET /feed, signed in as user 4711                    93 ms',
      '  ----------------------------------------------------------------------------',
      '  GET /feed                            SERVER      93 ms |##################|',
      '  >>> MISSING HERE: user.id',
      '    middleware x 5                     INTERNAL     2 ms |#                 |',
      '    request handler                    INTERNAL    90 ms | #################|',
      '      FeedController.list              INTERNAL    90 ms | #################|',
      '      >>> FOUND HERE: user.id = "4711"',
      '        list                           INTERNAL    89 ms | #################|',
      '          pg.query:SELECT murmur x 12  CLIENT      80 ms | ################ |',
    ),
  );
});

test('a span that ended too early: long names wrap, a note can have a bar', () => {
  const { spans, list } = request(1291, 2);
  const first = sequence(2, 6.5, { ...QUERY, at: 3, parent: list });
  const rank = span({ name: 'rank feed', at: 30, ms: 0.3, parent: list });
  const queries = sequence(163, 6.5, { ...QUERY, at: 30, parent: rank });
  const interval = { startMs: T0 + 1089.5, endMs: T0 + 1290.5 };
  assert.equal(
    renderWaterfall([...spans, ...first, rank, ...queries], {
      title: 'GET /feed, signed in as user 0832',
      annotations: [
        { spanId: rank.spanId, text: 'ENDS HERE, 1059 ms before its last child' },
        { spanId: rank.spanId, place: 'after-children', text: 'NO SPAN COVERS THE NEXT 201 ms', interval },
      ],
    }),
    block(
      '  trace 4c1d90e2   GET /feed, signed in as user 0832                  1291 ms',
      '  ----------------------------------------------------------------------------',
      '  GET /feed                            SERVER    1291 ms |##################|',
      '    middleware x 5                     INTERNAL     2 ms |#                 |',
      '    request handler                    INTERNAL  1288 ms |##################|',
      '      FeedController.list              INTERNAL  1288 ms |##################|',
      '        list                           INTERNAL  1287 ms |##################|',
      '          pg.query:SELECT murmur x 2   CLIENT      13 ms |#                 |',
      '          rank feed                    INTERNAL   0.3 ms |#                 |',
      '          >>> ENDS HERE, 1059 ms before its last child',
      '            pg.query:SELECT murmur     CLIENT    1060 ms |###############   |',
      '            x 163',
      '          >>> NO SPAN COVERS THE NEXT 201 ms             |               ###|',
    ),
  );
});

test('context lost after an await: two traces, a column for the service', () => {
  const publish = span({
    name: 'publish post',
    ms: 402,
    service: 'murmur-web',
    traceId: '51c7a3f0'.padEnd(32, '0'),
  });
  const post = span({ name: 'POST', kind: 'CLIENT', ms: 158, service: 'murmur-web', parent: publish });
  const served = span({ name: 'POST /posts', kind: 'SERVER', at: 22, ms: 96, parent: post });
  const get = span({
    name: 'GET',
    kind: 'CLIENT',
    at: 161,
    ms: 238,
    service: 'murmur-web',
    traceId: '9b02c4d1'.padEnd(32, '0'),
  });
  const feed = span({ name: 'GET /feed', kind: 'SERVER', at: 200, ms: 171, parent: get });
  assert.equal(
    // Exporters send a trace when it ends, and the server's part first.
    renderWaterfall([feed, get, served, post, publish], {
      title: (traceId) =>
        traceId.startsWith('51') ? 'the click on Publish, user 0832' : 'began 161 ms after the click',
      annotations: [
        { spanId: publish.spanId, place: 'child', text: 'MISSING HERE: GET /feed' },
        { spanId: get.spanId, text: 'ROOT: no parent, though "publish post" was still open' },
      ],
    }),
    block(
      '  trace 51c7a3f0   the click on Publish, user 0832                     402 ms',
      '  ----------------------------------------------------------------------------',
      '  publish post            murmur-web   INTERNAL   402 ms |##################|',
      '    POST                  murmur-web   CLIENT     158 ms |#######           |',
      '      POST /posts         murmur-api   SERVER      96 ms | ####             |',
      '    >>> MISSING HERE: GET /feed',
      '',
      '  trace 9b02c4d1   began 161 ms after the click                        238 ms',
      '  ----------------------------------------------------------------------------',
      '  GET                     murmur-web   CLIENT     238 ms |       ###########|',
      '  >>> ROOT: no parent, though "publish post" was still open',
      '    GET /feed             murmur-api   SERVER     171 ms |         ######## |',
    ),
  );
});

test('plain: numbered lines in words', () => {
  const { spans, controller, list } = request(93, 3);
  const queries = sequence(12, 6.7, { ...QUERY, at: 6, parent: list });
  const text = renderWaterfall([...spans, ...queries], {
    plain: true,
    title: 'signed in as user 4711',
    annotations: [{ spanId: controller.spanId, text: 'FOUND HERE: user.id = "4711"' }],
  });
  assert.equal(
    text,
    block(
      '  Trace 4c1d90e2: signed in as user 4711, 93 ms',
      '  1. GET /feed, server span, 93 ms',
      '  1.1 middleware, 5 internal spans, together 2 ms, starts at 0 ms',
      '  1.2 request handler, internal span, 90 ms, starts at 3 ms',
      '  1.2.1 FeedController.list, internal span, 90 ms, starts at 3 ms',
      '    >>> FOUND HERE: user.id = "4711"',
      '  1.2.1.1 list, internal span, 89 ms, starts at 3 ms',
      '  1.2.1.1.1 pg.query:SELECT murmur, 12 client spans, together 80 ms, starts at',
      '    6 ms',
    ),
  );
  assert.ok(!text.includes('|') && !text.includes('#'));
});

test('spans that never ended, orphans and several roots', () => {
  const root = span({ name: 'GET /feed', kind: 'SERVER', ms: 50 });
  const lost = { parent: 'feedfeedfeedfeed', traceId: root.traceId };
  const orphans = sequence(3, 5, { ...QUERY, at: 10, ...lost });
  const failed = span({ name: 'save', at: 40, ms: 5, error: true, parent: root });
  assert.equal(
    renderWaterfall([...orphans, failed, root], {
      indent: 0,
      unended: [
        {
          name: 'rank feed',
          kind: 'INTERNAL',
          startMs: T0 + 25,
          traceId: root.traceId,
          spanId: 'aaaaaaaaaaaaaaaa',
          parentSpanId: root.spanId,
        },
      ],
    }),
    block(
      'trace 4c1d90e2   GET /feed, and 3 more without a parent here            50 ms',
      '------------------------------------------------------------------------------',
      'GET /feed                           SERVER         50 ms |##################|',
      '  rank feed                         INTERNAL never ended |         ########>|',
      '  save (error)                      INTERNAL        5 ms |              ##  |',
      'pg.query:SELECT murmur x 3          CLIENT         15 ms |    #####         |',
      '(its parent was not seen)',
    ),
  );
});

/** A trace of `count` different spans, some deep, drawn from a fixed seed. */
function manySpans(count: number): Span[] {
  let seed = 7;
  const random = () => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647;
  };
  const spans = [span({ name: 'GET /feed', kind: 'SERVER', ms: 500 })];
  while (spans.length < count) {
    const parent = spans[Math.floor(random() ** 2 * spans.length)]!;
    const ms = parent.durationMs * random();
    const at = parent.startMs - T0 + (parent.durationMs - ms) * random();
    spans.push(span({ name: `step ${spans.length} of a long way to the end`, at, ms, parent }));
  }
  return spans;
}

test('200 spans: a screen or two in 80 columns, the annotated one among them, every span accounted for', () => {
  const spans = manySpans(200);
  const shortest = spans.reduce((a, b) => (b.durationMs < a.durationMs ? b : a));
  const text = renderWaterfall(spans, { annotations: [{ spanId: shortest.spanId, text: 'HERE' }] });
  const lines = text.split('\n');
  assert.ok(lines.every((line) => line.length < 80));
  assert.ok(lines.length < 120, `${lines.length} lines`);
  const bars = lines.filter((line) => line.endsWith('|'));
  assert.ok(bars.every((line) => line.length === 77 && line[57] === '|'));
  const hidden = [...text.matchAll(/\.\.\. (\d+) more spans?/g)].reduce(
    (sum, each) => sum + Number(each[1]),
    0,
  );
  assert.equal(bars.length + hidden - lines.filter((line) => line.includes('(no span covers')).length, 200);
  const at = lines.findIndex((line) => line.includes('>>> HERE'));
  const before = lines.slice(0, at).join(' ').replace(/\s+/g, ' ');
  assert.ok(before.includes(`step ${spans.indexOf(shortest)} `), before);
  // Deterministic.
  assert.equal(renderWaterfall(spans, { annotations: [{ spanId: shortest.spanId, text: 'HERE' }] }), text);
});

test('subtrees of one shape collapse as a whole, different ones do not', () => {
  const root = span({ name: 'publish', ms: 90 });
  const calls = sequence(3, 10, { name: 'GET', kind: 'CLIENT', parent: root });
  const alike = calls.map((parent) => span({ name: 'GET /feed', kind: 'SERVER', parent }));
  const text = renderWaterfall([root, ...calls, ...alike], { header: false });
  assert.match(text, /GET x 3/);
  assert.match(text, /GET \/feed x 3/);
  const unlike = calls.map((parent, i) => span({ name: `GET /${i}`, kind: 'SERVER', parent }));
  assert.doesNotMatch(renderWaterfall([root, ...calls, ...unlike], { header: false }), / x \d/);
});

test('an annotated span and a failed one are never hidden in a group', () => {
  const root = span({ name: 'list', ms: 90 });
  const queries = sequence(10, 5, { ...QUERY, parent: root });
  queries[4]!.status.code = 'ERROR';
  const text = renderWaterfall([root, ...queries], {
    header: false,
    annotations: [{ spanId: queries[7]!.spanId, text: 'THE SLOW ONE' }],
  });
  const lines = text.split('\n').map((line) => line.trim());
  assert.match(lines[1]!, /^pg.query:SELECT murmur x 8 /);
  assert.match(lines.slice(2).join(' '), /pg.query:SELECT murmur \(error\) +CLIENT +5 ms/);
  assert.match(text, /murmur +CLIENT +5 ms .*\n +>>> THE SLOW ONE/);
});

test('notes about a trace, and about a span that is not there, are not lost', () => {
  const root = span({ name: 'list', ms: 90 });
  const text = renderWaterfall([root], {
    header: false,
    annotations: [
      { text: 'FIRST', place: 'before' },
      { text: 'LAST' },
      { spanId: 'bbbbbbbbbbbbbbbb', text: 'GONE' },
      { spanId: root.spanId, place: 'before', text: 'NEXT' },
    ],
  });
  const starts = text.split('\n').map((line) => line.trim().slice(0, 9).trim());
  assert.deepEqual(starts, ['>>> FIRST', '>>> NEXT', 'list', '>>> LAST', '>>> GONE']);
});

const HOSTILE = [
  'line\nbreak\r\n and\ttab',
  '\x1b[31mred\x1b[0m \x1b]8;;http://evil\x07link\x1b]8;;\x07 \x9b2J',
  '\u202egnp.exe\u2066 \u200bzero\u00adwidth',
  'z'.repeat(100_000),
  'words '.repeat(30_000),
  `e${'\u0301'.repeat(500)}`,
  '\ud800 lone surrogate',
  '漢字カナ한글漢字カナ한글漢字カナ한글漢字カナ한글',
  '👩‍👩‍👧‍👦 family ✅',
  '',
  '   ',
];

test('hostile names are harmless and leave the bars where they are', () => {
  for (const name of HOSTILE) {
    const root = span({ name, service: name, ms: 10 });
    const child = span({ name: 'child', parent: root, service: 'other', ms: 2 });
    const options = { annotations: [{ spanId: root.spanId, text: `SAW ${name}` }], title: name };
    const lines = renderWaterfall([root, child], options).split('\n');
    for (const line of lines) {
      assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Cs}]/u);
      assert.ok(displayWidth(line) < 80, line);
      if (line.endsWith('|')) assert.equal(displayWidth(line.slice(0, line.indexOf('|'))), 57, line);
    }
    const plain = renderWaterfall([root, child], { ...options, plain: true });
    assert.doesNotMatch(plain.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Cs}]/u);
    for (const line of plain.split('\n')) assert.ok(displayWidth(line) < 80, line);
  }
});

test('broken times, no spans, other widths', () => {
  assert.equal(renderWaterfall([], { indent: 0 }), '(no spans)');
  const broken = { ...span({ name: 'odd' }), startMs: Number.NaN, durationMs: -5 };
  assert.match(renderWaterfall([broken, span({ name: 'zero', ms: 0 })]), /odd/);
  for (const width of [10, 60, 100, 200]) {
    const lines = renderWaterfall(manySpans(50), { width }).split('\n');
    assert.ok(lines.every((line) => line.length < Math.max(60, width)));
  }
});

test('20,000 spans render, whatever their shape', () => {
  const root = span({ name: 'root', ms: 50 });
  const chain = [root];
  for (let i = 1; i < 20_000; i++) chain.push(span({ name: `link ${i % 7}`, parent: chain[i - 1]! }));
  const last = chain.at(-1)!;
  const started = performance.now();
  const deep = renderWaterfall([...chain].reverse(), {
    annotations: [{ spanId: last.spanId, text: 'DEEP' }],
  });
  const wide = renderWaterfall([root, ...sequence(20_000, 0.002, { ...QUERY, parent: root })]);
  assert.match(deep, />>> DEEP/);
  assert.match(deep, /\.\.\. 199\d\d more spans/);
  assert.ok(deep.split('\n').length < 60);
  assert.match(wide, /x 20000/);
  // Measured 0.2 s each; the bound is for a loaded machine and finds quadratic work.
  assert.ok(performance.now() - started < 5000);
});
