import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openQueryEngine, type QueryEngine } from '../../index.ts';

const NOW = 1_795_000_000_000;
let engine: QueryEngine;
before(async () => {
  engine = await openQueryEngine([
    {
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      name: 'GET /feed',
      kind: 'SERVER',
      startMs: NOW - 1000,
      durationMs: 512.5,
      status: { code: 'UNSET' },
      attributes: {
        count: 7,
        flag: true,
        email: 'iris@example.org',
        at: '2017-07-20T11:22:44.888Z',
        'a b': 'x',
      },
      events: [],
      links: [],
      resource: {},
      scope: { name: 'test' },
    },
  ]);
});
after(() => engine.close());

/** Each expression over one span with duration_ms 512.5, count 7, flag true, email, at and "a b". */
const EXAMPLES: [expression: string, value: string | number | boolean | null][] = [
  ['IF($duration_ms >= 500, "slow")', 'slow'],
  ['IF(GTE($count, 500), "many", $count = 7, "seven", "few")', 'seven'],
  ['IF($nothing, 1)', null],
  ['SWITCH($name, "GET /feed", "feed", "other")', 'feed'],
  ['SWITCH($name, "x", 1, 2)', 2],
  ['COALESCE($nothing, $email, "nobody")', 'iris@example.org'],
  ['1 + 2 * 3 - 4 / 2', 5],
  ['7 - 2 - 1', 4],
  ['1.0 + 5 + "2.3"', 8.3],
  ['SUM(1, "x", null, true)', 1],
  ['DIV(1, 0)', null],
  ['MOD(-7, 3)', -1],
  ['MAX("b", 3, "a")', 'b'],
  ['MIN(null, 3, 2)', 2],
  ['LOG10(1000)', 3],
  ['LOG10(0)', null],
  ['BUCKET($duration_ms, 100)', '500 - 600'],
  ['BUCKET($duration_ms, 100, 1000)', '< 1000'],
  ['BUCKET($duration_ms, 100, 0, 500)', '>= 500'],
  ['EQUALS(200, "200")', false],
  ['200 = 200.0', true],
  ['"a" < "b" AND 2 > 1 OR false', true],
  ['"5" < 6', false],
  ['IN($count, 1, 7)', true],
  ['!EXISTS($nothing) AND HAS_VALUE($count)', true],
  ['NOT("true")', false],
  ['BOOL("yes")', false],
  ['INT("-3.7")', -3],
  ['FLOAT("x")', 0],
  ['STRING($nothing)', ''],
  ['CONCAT($count, "-", $flag, $nothing)', '7-true'],
  ['PREFIX($name, "GET") AND SUFFIX($name, "feed") AND CONTAINS($name, " /")', true],
  ['CONTAINS($count, "7")', false],
  ['TO_LOWER($name)', 'get /feed'],
  ['LENGTH("zoë")', 3],
  ['LENGTH("zoë", "bytes")', 4],
  ['REG_MATCH($email, `@(.+)$`)', true],
  ['REG_VALUE($email, `@(.+)$`)', 'example.org'],
  ['REG_VALUE($email, `[a-z]+`)', 'iris'],
  ['REG_VALUE($email, `[(]x`)', null],
  ['REG_COUNT($email, `[aeiou]`)', 6],
  ['UNIX_TIMESTAMP($at)', 1_500_549_764.888],
  ['UNIX_TIMESTAMP("yesterday")', null],
  ['EVENT_TIMESTAMP()', (NOW - 1000) / 1000],
  ['FORMAT_TIME("%Y-%m-%d %H:%M", UNIX_TIMESTAMP($at))', '2017-07-20 11:22'],
  ['RAND() >= 0 AND RAND() < 1', true],
  ['$"a b" = `x`', true],
  ['"tab\\t\\u00e4\\x41\\101"', 'tab\täAA'],
];

for (const [expression, value] of EXAMPLES) {
  test(`${expression} is ${JSON.stringify(value)}`, async () => {
    const calculated_fields = [{ name: 'it', expression }];
    const result = await engine.run(
      { calculated_fields, breakdowns: ['it'] },
      { now: NOW, disableSeries: true },
    );
    assert.deepEqual(result.data.results[0]?.data.it, value);
  });
}
