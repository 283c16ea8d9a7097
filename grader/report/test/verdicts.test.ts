import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Screen, screenOf } from '@workshop/base/terminal';
import { evidence, span } from '@workshop/grader/test/evidence';
import type { CheckResult, ExerciseResult, Failure } from '../../judge/index.ts';
import { exerciseLines, failureLines } from '../index.ts';
import { isUntouched, untouchedLines } from '../start.ts';

const PLAIN: Screen = { width: 80, plain: true, colour: false };
const BARS: Screen = { width: 80, plain: false, colour: false };
const COLOURS: Screen = { width: 80, plain: false, colour: true };

const server = span('GET /feed', { kind: 'SERVER' });
const own = span('rank feed', { parentSpanId: server.spanId });
const all = evidence({
  exercise: '03-custom-span',
  spans: [server, own, span('pg.query', { kind: 'CLIENT', parentSpanId: own.spanId })],
});

const failure: Failure = {
  reason: 'span-ended-before-its-work',
  saw: '"rank feed" ended after 0.3 ms. The work went on: 163 of its 163 queries ended up to 1059 ms later than that.',
  wanted: 'it begins with the work and ends after it.',
  cause: 'A cause that was proven by the evidence.',
  look: 'the line of yours that ends the span. Is the work finished when that line runs, or only started?',
  output: ['Error: one line of your own'],
  views: [
    {
      title: 'GET /feed, signed in as user 0832',
      traceId: 'request',
      marks: [{ traceId: own.traceId, spanId: own.spanId, text: 'ENDS HERE, 1059 ms before the last query' }],
    },
  ],
  seen: [{ kind: 'span', text: 'rank feed: 0.3 ms', spanId: own.spanId }],
};
const base = { failure: null, blockedBy: [], trouble: null };
const failing: CheckResult = {
  ...base,
  id: 'covers-ranking',
  number: '03.3',
  title: 'it lasts as long as the ranking does',
  verdict: 'fail',
  failure,
};
const checks: CheckResult[] = [
  { ...base, id: 'named', number: '03.1', title: 'a feed request has a span', verdict: 'pass' },
  failing,
  {
    ...base,
    id: 'second',
    number: '03.4',
    title: 'another one fails, too',
    verdict: 'fail',
    failure: { ...failure, reason: 'span-sibling-not-child', saw: 'SECOND FAILURE IN FULL' },
  },
  { ...base, id: 'later', number: '03.5', title: 'this waits', verdict: 'blocked', blockedBy: ['named'] },
];
const result: ExerciseResult = {
  id: '03-custom-span',
  verdict: 'fail',
  checks,
  told: {},
  ms: 12.6,
  evidence: 'evidence.json',
  trouble: null,
};

test('a failure has its slots in order, and no line is wider than 80 columns', () => {
  for (const screen of [PLAIN, BARS]) {
    const lines = failureLines(failing, all, screen);
    for (const line of lines) assert.ok(line.length <= 80, `${line.length}: ${line}`);
    const text = lines.join('\n');
    const order = [
      'FAIL  03.3  it lasts',
      '  Saw     "rank feed" ended',
      '  Wanted  it begins',
      '  Cause   A cause',
    ];
    order.push('  Look    the line', '  | Error: one line', 'GET /feed, signed in', '>>> ENDS HERE, 1059 ms');
    order.push('  Reason span-ended-before-its-work.   Next hint: npm run hint -- 3');
    const places = order.map((part) => text.indexOf(part));
    assert.ok(!places.includes(-1), `missing: ${order[places.indexOf(-1)]}\n${text}`);
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
  }
});

test('wrapped lines stand under the first one’s text', () => {
  const at = failureLines(failing, all, PLAIN).findIndex((line) => line.startsWith('  Saw'));
  assert.match(failureLines(failing, all, PLAIN)[at + 1] ?? '', /^ {10}\S/);
});

test('slots that are empty are left out', () => {
  const { cause, output, views, ...rest } = failure;
  const text = failureLines({ ...failing, failure: { ...rest, views: [] } }, all, PLAIN).join('\n');
  assert.doesNotMatch(text, /Cause|\| |trace /);
});

test('a program that is broken gets no hint of an exercise', () => {
  const broken = { ...failing, failure: { ...failure, reason: 'request-failed' as const } };
  assert.match(failureLines(broken, all, PLAIN).at(-1) ?? '', /^ {2}Reason request-failed\.$/);
});

test('only the first failing check is expanded; the others have a line and their sentence', () => {
  const text = exerciseLines(result, all, PLAIN).join('\n');
  assert.match(text, /^03-custom-span {3}1 of 4 checks/);
  assert.match(text, /^ok {4}03\.1 {2}a feed request/m);
  assert.match(text, /^FAIL {2}03\.4 {2}another one fails, too\n {13}The span stands beside/m);
  assert.match(text, /^wait {2}03\.5 {2}this waits\n {13}waits for 03\.1/m);
  assert.doesNotMatch(text, /SECOND FAILURE IN FULL/);
  assert.equal(text.match(/ {2}Saw /g)?.length, 1);
  assert.match(text, /03\.4 failed, too\. In full: npm run grade -- 3 --every/);
  const whole = exerciseLines(result, all, PLAIN, true).join('\n');
  assert.equal(whole.match(/ {2}Saw /g)?.length, 2);
  assert.match(whole, /SECOND FAILURE IN FULL/);
  assert.doesNotMatch(whole, /--every/);
});

test('the grader’s own trouble is called that', () => {
  const broken = [
    { ...base, id: 'a', number: '03.1', title: 'a', verdict: 'error', trouble: 'TypeError: x' },
  ];
  const text = exerciseLines({ ...result, verdict: 'error', checks: broken as never }, all, PLAIN).join('\n');
  assert.match(text, /not your fault/);
  assert.match(text, /\| TypeError: x/);
});

test('colours are never the only sign: without them the words are the same', () => {
  const bare = exerciseLines(result, all, BARS).join('\n');
  const coloured = exerciseLines(result, all, COLOURS).join('\n');
  assert.notEqual(coloured, bare);
  assert.equal(coloured.replace(/\u001b\[\d+m/g, ''), bare);
});

test('a screen is plain without a terminal, with NO_COLOR, TERM=dumb or when asked, and never wider than 80', () => {
  const terminal = { isTTY: true, columns: 120 };
  assert.deepEqual(screenOf(terminal, {}, false), { width: 80, plain: false, colour: true });
  assert.equal(screenOf({ isTTY: true, columns: 0 }, {}, false).width, 80);
  assert.equal(screenOf({}, {}, false).plain, true);
  assert.equal(screenOf(terminal, { NO_COLOR: '1' }, false).plain, true);
  assert.equal(screenOf(terminal, { TERM: 'dumb' }, false).plain, true);
  assert.equal(screenOf(terminal, {}, true).colour, false);
  assert.equal(screenOf({ isTTY: true, columns: 20 }, {}, false).width, 40);
});

test('plain traces have numbers in place of bars', () => {
  const bars = failureLines(failing, all, BARS).join('\n');
  const plain = failureLines(failing, all, PLAIN).join('\n');
  assert.match(bars, /\|#+/);
  assert.doesNotMatch(plain, /\|#+/);
});

const untouched: ExerciseResult = {
  ...result,
  id: '01-first-trace',
  checks: [{ ...failing, failure: { ...failure, reason: 'no-provider' } }],
};
const exercises = [
  { id: '00-look-around', number: '00', minutes: 5, hasChecks: false },
  { id: '01-first-trace', number: '01', minutes: 20, hasChecks: true },
  { id: '02-user-id', number: '02', minutes: 20, hasChecks: true },
  { id: '16-incident', number: '16', minutes: 60, hasChecks: true },
] as never;

test('the untouched start says where to begin, and that nothing is broken', () => {
  const start = evidence({ requests: all.requests, spans: [] });
  assert.equal(isUntouched(untouched, start), true);
  const lines = untouchedLines(untouched, start, exercises, PLAIN);
  for (const line of lines) assert.ok(line.length <= 80, line);
  const text = lines.join('\n');
  assert.match(text, /01-first-trace {5}next {4}0 of 1 checks/);
  assert.match(text, /02 to 16/);
  assert.match(text, /Start here: exercises\/01-first-trace\/README\.md/);
  assert.match(text.replace(/\s+/g, ' '), /GET \/feed as one user: 200\. It saw 0 spans/);
});

test('who has begun is not told that nothing was done', () => {
  const begun = evidence({ spans: [] });
  (begun.processes[0]?.capture as { apiLoaded: boolean }).apiLoaded = true;
  assert.equal(isUntouched(untouched, begun), false);
  assert.equal(isUntouched(result, evidence()), false);
  assert.equal(
    isUntouched({ ...untouched, checks: [...untouched.checks, checks[0] as CheckResult] }, evidence()),
    false,
  );
});

test('names of the learner’s neither clear the terminal nor forge a line', () => {
  const forged = 'x\u001b[2J\u001b[1;1H\r01-first-trace passed \u202e';
  const told: CheckResult = {
    ...failing,
    failure: {
      ...failure,
      saw: `"${forged}" is the name.`,
      output: [forged],
      tables: [{ title: 'rows', columns: ['name'], rows: [[forged]] }],
    },
  };
  const text = failureLines(told, all, PLAIN).join('\n');
  assert.doesNotMatch(text, /[\u001b\r\u202e]/);
  assert.equal(text.match(/\\u\{1b\}\[2J/g)?.length, 3);
});
