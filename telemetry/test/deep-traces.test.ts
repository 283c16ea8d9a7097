import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderWaterfall } from '../pure.ts';
import { span } from './spans.ts';

test('a page and the API in one trace: however deep, each level stands further to the right', () => {
  const get = span({ name: 'GET', kind: 'CLIENT', ms: 245, service: 'murmur-web' });
  const feed = span({ name: 'GET /feed', kind: 'SERVER', at: 140, ms: 97, parent: get });
  const handler = span({ name: 'request handler', at: 142, ms: 93, parent: feed });
  const controller = span({ name: 'FeedController.list', at: 142, ms: 93, parent: handler });
  const list = span({ name: 'list', at: 142, ms: 91, parent: controller });
  const rank = span({ name: 'rank feed', at: 154, ms: 69, parent: list });
  const query = span({ name: 'pg.query:SELECT murmur', kind: 'CLIENT', at: 155, ms: 66, parent: rank });
  const spans = [get, feed, handler, controller, list, rank, query];
  assert.equal(
    renderWaterfall(spans, { header: false }),
    [
      '  GET                          murmur-web CLIENT     245 ms |###############|',
      '    GET /feed                  murmur-api SERVER      97 ms |         ######|',
      '      request handler          murmur-api INTERNAL    93 ms |         ##### |',
      '        FeedController.list    murmur-api INTERNAL    93 ms |         ##### |',
      '          list                 murmur-api INTERNAL    91 ms |         ##### |',
      '            rank feed          murmur-api INTERNAL    69 ms |         ##### |',
      '              pg.query:SELECT  murmur-api CLIENT      66 ms |         ##### |',
      '              murmur',
    ].join('\n'),
  );
  const deeper = [query];
  for (let n = 0; n < 4; n++)
    deeper.push(span({ name: `below ${n}`, at: 155, ms: 9, parent: deeper.at(-1) }));
  const lines = renderWaterfall([...spans, ...deeper.slice(1)], { header: false }).split('\n');
  const begins = lines.filter((line) => line.includes('|')).map((line) => line.search(/\S/));
  assert.deepEqual(begins, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});
