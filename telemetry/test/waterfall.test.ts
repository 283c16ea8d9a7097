import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderWaterfall } from '../pure.ts';
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
