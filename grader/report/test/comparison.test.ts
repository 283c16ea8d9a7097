import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evidence, query, request, span } from '@workshop/grader/test/evidence';
import { displayWidth } from '@workshop/telemetry';
import type { Evidence, EvidenceSpan, QueryRow, QueryRun } from '../../evidence/index.ts';
import { codeLines } from '../code-comparison.ts';
import { answersLine, compareTraces, queryLines, traceLines } from '../index.ts';

const screen = { width: 80, plain: true, colour: false };
const file = (yours: string | null, solution: string | null, changedBySolution = true) => ({
  path: 'app-backend/src/main.ts',
  yours,
  solution,
  changedBySolution,
});

describe('code beside the solution', () => {
  test('marks changes with words and signs, and folds what is the same', () => {
    const shared = Array.from({ length: 20 }, (_, at) => `line(${at});\n`).join('');
    const lines = codeLines([file(`mine();\n${shared}end();\n`, `theirs();\n${shared}end();\n`)], screen);
    assert.deepEqual(lines, [
      '- is only in yours, + is only in the solution.',
      '',
      'app-backend/src/main.ts',
      '  You and the solution differ here.',
      'yours    - mine();',
      'solution + theirs();',
      '           line(0);',
      '           line(1);',
      '           line(2);',
      '           ... 18 lines are the same ...',
    ]);
  });

  test('never folds a line or two', () => {
    const lines = codeLines(
      [file('a(1);\na(2);\na(3);\na(4);\nmine();\n', 'a(1);\na(2);\na(3);\na(4);\ntheirs();\n')],
      screen,
    );
    assert.deepEqual(lines.slice(4), [
      '           a(1);',
      '           a(2);',
      '           a(3);',
      '           a(4);',
      'yours    - mine();',
      'solution + theirs();',
    ]);
  });

  test('is the same whatever the layout, the comments and the names that are free', () => {
    const solution = `import { requestSpan } from './request-span';

      /** Every signed-in request has its user. */
      export class Guard {
        check(userId: string): void {
          const span = requestSpan();
          span?.setAttribute('user.id', userId);
          log({ at: 'guard', level: 1 });
        }
      }`;
    const mine = `import {serverSpan} from "./spans"
      export class Guard { check(id: string): void {
        // on the SERVER span
        const found = serverSpan()
        found?.setAttribute("user.id", id)
        log({ at: "guard",
          level: 1, })
      } }`;
    const [line] = codeLines([file(mine, solution)], screen);
    assert.equal(line, 'Your code is the same as the solution, but for layout, comments and names.');
    const wrong = codeLines([file(mine.replace('user.id', 'userId'), solution)], screen, { passed: true });
    assert.deepEqual(
      wrong.filter((text) => /^(yours|solution)/.test(text)),
      [
        `yours    -     found?.setAttribute("userId", id)`,
        `solution +     span?.setAttribute('user.id', userId);`,
      ],
    );
    assert.match(wrong.join('\n'), /differ here\. Yours is also right\./);
  });

  test('fits 80 columns, also with tabs, wide signs and long words', () => {
    const long = `\t\tconst text = '${'word '.repeat(30)}${'x'.repeat(200)}漢字漢字';\n`;
    for (const line of codeLines([file(long, null)], screen)) {
      assert.ok(displayWidth(line) <= 80, line);
    }
  });

  test('says which file is only on one side', () => {
    assert.match(codeLines([file(null, 'x\n')], screen).join('\n'), /only in the solution\.\nsolution \+ x/);
    assert.match(codeLines([file('x\n', null)], screen).join('\n'), /only in yours\..*\nyours {4}- x/);
    assert.match(codeLines([], screen).join(), /the same as the solution/);
  });

  test('names files that this solution does not change, and shows them only when asked', () => {
    const own = file('mine();\n', null, false);
    const lines = codeLines([own], screen);
    assert.match(
      lines.join('\n'),
      /does not change\. To see them: add --all\n {2}app-backend\/src\/main\.ts$/,
    );
    assert.match(codeLines([own], screen, { all: true }).join('\n'), /^yours {4}- mine\(\);$/m);
  });

  test('of saved queries, the description is free', () => {
    const query = (description: string, limit: number) =>
      JSON.stringify({ name: 'x', description, query: { limit } });
    const saved = (mine: string, theirs: string) => ({ ...file(mine, theirs), path: 'queries/x.json' });
    assert.match(codeLines([saved(query('a', 1), query('b', 1))], screen).join(), /is the same/);
    assert.match(
      codeLines([saved(query('a', 1), query('a', 2))], screen).join('\n'),
      /^yours {4}- +"limit": 1$/m,
    );
  });
});

describe('traces beside the solution', () => {
  /** A run that asked for the feed once for each id. */
  const run = (ids: string[], spans: EvidenceSpan[]): Evidence =>
    evidence({
      requests: ids.map((id) =>
        request({ id, label: `feed ${id}`, path: '/feed?page=1', userAgent: `driver ${id}` }),
      ),
      spans,
    });

  /** A request's trace: SERVER, the given spans below it. */
  function trace(id: string, below: (server: EvidenceSpan) => EvidenceSpan[], more = {}): EvidenceSpan[] {
    const traceId = id.repeat(32).slice(0, 32);
    const server = span('GET /feed', {
      traceId,
      kind: 'SERVER',
      attributes: { 'user_agent.original': `driver ${id}`, ...more },
    });
    return [server, ...below(server).map((one) => ({ ...one, traceId }))];
  }

  test('tells what is missing, extra, moved and different', () => {
    const solution = run(
      ['1'],
      trace(
        '1',
        (server) => {
          const rank = span('rank feed', { parentSpanId: server.spanId });
          return [rank, query(rank, 1000, 10)];
        },
        { 'user.id': '4711' },
      ),
    );
    const yours = run(
      ['1'],
      trace('1', (server) => [query(server, 1000, 10), span('my own', { parentSpanId: server.spanId })], {
        userid: '4711',
      }),
    );
    const [comparison, ...others] = compareTraces(yours, solution);
    assert.deepEqual(others, []);
    assert.equal(comparison?.title, 'GET /feed: feed 1');
    const told = comparison?.differences.map(({ kind, text }) => `${kind}: ${text}`) ?? [];
    for (const wanted of [
      /^missing: Only in the solution: "rank feed" \(INTERNAL\), below "GET \/feed"/,
      /^extra: Only in yours: "my own"/,
      /^moved: "pg\.query:SELECT" is below "rank feed" in the solution, and below "GET \/feed" in yours/,
      /^differs: "GET \/feed": the attribute user\.id is only in the solution/,
      /^differs: "GET \/feed": the attribute userid is only in yours/,
    ]) {
      assert.equal(told.filter((line) => wanted.test(line)).length, 1, `${wanted}\n${told.join('\n')}`);
    }
    assert.equal(told.length, 5);
    for (const line of traceLines([comparison as never], screen)) assert.ok(displayWidth(line) <= 80, line);
  });

  test('tells a difference once, at the first request that shows it', () => {
    const withId = (id: string) => trace(id, () => [], { 'user.id': id });
    const without = (id: string) => trace(id, () => []);
    const comparisons = compareTraces(
      run(['1', '2'], [...without('1'), ...without('2')]),
      run(['1', '2'], [...withId('1'), ...withId('2')]),
    );
    assert.deepEqual(
      comparisons.map(({ title, differences }) => [title, differences.length]),
      [['GET /feed: feed 1', 1]],
    );
  });

  test('says when a request has no spans at all, and compares what belongs to no request', () => {
    const boot = span('Create Nest App', { traceId: 'b'.repeat(32) });
    const comparisons = compareTraces(run(['1'], []), run(['1'], [...trace('1', () => []), boot]));
    assert.deepEqual(
      comparisons.map(({ title, differences }) => [title, differences.map(({ text }) => text)]),
      [
        ['GET /feed: feed 1', ['Your run has no spans for this request.']],
        [
          'outside of these requests',
          ['Only in the solution: "Create Nest App" (INTERNAL), without a parent.'],
        ],
      ],
    );
  });

  test('of what passes, names of own spans are free and no difference is a fault', () => {
    const own =
      (name: string, more: Partial<EvidenceSpan> = {}) =>
      (server: EvidenceSpan) => [
        span(name, { parentSpanId: server.spanId, scope: { name: 'murmur.search' }, ...more }),
      ];
    const yours = run(['1'], trace('1', own('find posts')));
    const solution = run(['1'], trace('1', own('search posts')));
    assert.deepEqual(compareTraces(yours, solution, true), []);
    assert.equal(compareTraces(yours, solution)[0]?.differences.length, 2);
    const other = run(
      ['1'],
      trace('1', () => []),
    );
    const lines = traceLines(compareTraces(other, solution, true), screen, true);
    assert.equal(lines[0], 'Yours passes, so it is also right. It goes another way here:');
    assert.match(lines.join('\n'), /^ {2}solution Only in the solution: "search posts"/m);
  });

  test('leaves out what a pool of connections does at the moment', () => {
    const connect = (server: EvidenceSpan) => [span('pg-pool.connect', { parentSpanId: server.spanId })];
    assert.deepEqual(
      compareTraces(
        run(['1'], trace('1', connect)),
        run(
          ['1'],
          trace('1', () => []),
        ),
      ),
      [],
    );
  });

  test('is silent about two runs of the same', () => {
    const same = () =>
      run(
        ['1'],
        trace('1', (server) => [query(server, 1000, 10)]),
      );
    assert.deepEqual(compareTraces(same(), same()), []);
    assert.match(traceLines([], screen).join(), /the same structure/);
  });
});

describe('results of saved queries beside the solution', () => {
  const ran = (rows: QueryRow[]): Evidence =>
    evidence({
      queryResults: {
        'latency-by-user': {
          state: 'ran',
          file: 'x.json',
          runs: [{ dataSet: 'a', rows } as QueryRun],
          variations: [],
        },
      },
    });
  const said = (mine: QueryRow[], theirs: QueryRow[], passed = false) =>
    queryLines(ran(mine), ran(theirs), screen, passed).join(' ').replace(/\s+/g, ' ');

  test('are the same in the columns that both have, or also right', () => {
    const [one, two] = [
      { 'user.id': '1', COUNT: 3 },
      { 'user.id': '2', COUNT: 2 },
    ];
    assert.match(
      said([{ ...one, P50: 1 }, two], [one, two]),
      /the same rows in the same order, over all hidden data: 2\./,
    );
    assert.match(said([two, one], [one, two]), /yours 2 rows, the solution's 2, and they are not the same\./);
    assert.match(said([two], [one, two], true), /yours 1 rows, the solution's 2; yours is also right\./);
    assert.deepEqual(queryLines(evidence({}), evidence({}), screen), []);
  });
});

test('another answer that passes is also right', () => {
  const answers = (value: string) => ({ state: 'read' as const, values: { '04': value } });
  assert.match(
    answersLine('04', answers('query_canceled'), answers('57014'), true),
    /"57014"\. Yours is also right\.$/,
  );
  assert.doesNotMatch(answersLine('04', answers('57014'), answers('57014'), true), /also/);
});
