import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evidence, query, request, span } from '@workshop/grader/test/evidence';
import { displayWidth } from '@workshop/telemetry';
import type { Evidence, EvidenceSpan } from '../../evidence/index.ts';
import { codeLines, compareTraces, traceLines } from '../index.ts';

const screen = { width: 80, plain: true, colour: false };
const file = (yours: string | null, solution: string | null, changedBySolution = true) => ({
  path: 'app-backend/src/main.ts',
  yours,
  solution,
  changedBySolution,
});

describe('code beside the solution', () => {
  test('marks changes with words and signs, and folds what is the same', () => {
    const shared = Array.from({ length: 20 }, (_, at) => `line ${at}\n`).join('');
    const lines = codeLines([file(`mine\n${shared}end\n`, `theirs\n${shared}end\n`)], screen);
    assert.deepEqual(lines, [
      '- is only in yours, + is only in the solution.',
      '',
      'app-backend/src/main.ts',
      '  You and the solution differ here.',
      'yours    - mine',
      'solution + theirs',
      '           line 0',
      '           line 1',
      '           line 2',
      '           ... 18 lines are the same ...',
    ]);
  });

  test('never folds a line or two', () => {
    const lines = codeLines([file('1\n2\n3\n4\nmine\n', '1\n2\n3\n4\ntheirs\n')], screen);
    assert.deepEqual(lines.slice(4), [
      '           1',
      '           2',
      '           3',
      '           4',
      'yours    - mine',
      'solution + theirs',
    ]);
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

  test('shows long changes of the learner alone only when asked', () => {
    const own = file('mine\n'.repeat(100), null, false);
    assert.match(codeLines([own], screen).join('\n'), /100 lines differ\. To see them: add --all/);
    assert.equal(codeLines([own], screen, true).filter((line) => line.includes('- mine')).length, 100);
    assert.equal(
      codeLines([{ ...own, changedBySolution: true }], screen).filter((line) => line.includes('- mine'))
        .length,
      100,
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
