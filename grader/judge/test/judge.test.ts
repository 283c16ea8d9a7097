import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { until } from '@workshop/base';
import { evidence, query, request, serverSpan } from '@workshop/grader/test/evidence';
import type { Evidence } from '../../evidence/index.ts';
import { exerciseVerdict, type Judgement, judge, loadChecks } from '../index.ts';

const fixtures = join(import.meta.dirname, 'fixtures/exercises');
const written = join(fixtures, '93-does-not-load');
/** Its file says when it is loaded: `mark` is there then. */
const telling = join(fixtures, '98-says-when-it-is-loaded');
const mark = join(telling, 'loaded');
const judgements = new Map<string, Judgement>();
const readerOfStacks = Error.prepareStackTrace; // before anything was judged

before(async () => {
  // A file that cannot be read is written here: linters and type checks must not find it.
  await mkdir(written, { recursive: true });
  await writeFile(join(written, 'checks.spec.ts'), 'this is { no TypeScript\n');
  await mkdir(telling, { recursive: true });
  await writeFile(
    join(telling, 'checks.spec.ts'),
    `import { writeFileSync } from 'node:fs';
import { check, evidence, tell } from '@workshop/grader/checks';
writeFileSync(${JSON.stringify(mark)}, '');
check('seed', 'the evidence is there', () => tell('seed', evidence().seed));
`,
  );
  const ids = ['90-passes', '91-fails', '92-throws', '93-does-not-load', '94-declared-twice'];
  ids.push('95-unknown-need', '96-no-checks', '97-no-reason');
  for (const one of await judge(
    ids.map((exercise) => evidence({ exercise })),
    fixtures,
  ))
    judgements.set(one.exercise, one);
});

after(() => Promise.all([written, telling].map((path) => rm(path, { recursive: true, force: true }))));

const of = (id: string): Judgement => judgements.get(id) as Judgement;
const verdicts = (id: string) => of(id).checks.map((check) => check.verdict);

test('checks pass over the evidence that they are given, and tell what they saw', () => {
  assert.equal(of('90-passes').verdict, 'pass');
  assert.deepEqual(verdicts('90-passes'), ['pass', 'pass']);
  assert.deepEqual(of('90-passes').told, { seed: 7 });
  assert.deepEqual(
    of('90-passes').checks.map((check) => [check.id, check.number]),
    [
      ['seed', '90.1'],
      ['after', '90.2'],
    ],
  );
});

test('a failed check keeps its failure, and what needs it is blocked, never passed', () => {
  const { checks, verdict } = of('91-fails');
  assert.equal(verdict, 'fail');
  assert.deepEqual(verdicts('91-fails'), ['fail', 'pass', 'blocked', 'blocked']);
  assert.equal(checks[0]?.failure?.reason, 'span-missing');
  assert.deepEqual(checks[2]?.blockedBy, ['first']);
  assert.deepEqual(checks[3]?.blockedBy, ['negative']);
});

test('a check that throws is the grader’s error, and the others are judged', () => {
  assert.equal(of('92-throws').verdict, 'error');
  assert.deepEqual(verdicts('92-throws'), ['error', 'pass']);
  assert.match(of('92-throws').checks[0]?.trouble ?? '', /nobody noted this/);
});

for (const [id, trouble] of [
  ['93-does-not-load', /SyntaxError|Syntax Error|Expected/],
  ['94-declared-twice', /declared twice/],
  ['95-unknown-need', /declared nowhere before/],
  ['96-no-checks', /declares no check|must contain at least one test/],
] as const) {
  test(`${id}: a spec file that is not right is an error and never a pass`, () => {
    assert.equal(of(id).verdict, 'error');
    assert.match(of(id).trouble ?? '', trouble);
  });
}

test('a failure with an unknown reason is the grader’s error', () => {
  assert.deepEqual(verdicts('97-no-reason'), ['error']);
});

test('the verdict of an exercise: an error outweighs a failure, a failure what waits', () => {
  const checks = (...all: string[]) => all.map((verdict) => ({ verdict })) as never;
  assert.equal(exerciseVerdict(checks('pass', 'pass')), 'pass');
  assert.equal(exerciseVerdict(checks('pass', 'blocked')), 'blocked');
  assert.equal(exerciseVerdict(checks('blocked', 'fail')), 'fail');
  assert.equal(exerciseVerdict(checks('fail', 'error')), 'error');
});

const exercises = resolve(import.meta.dirname, '../../../exercises');
const drivenRequests = [
  ['feed', '/feed', 200],
  ['feeds at once', '/feed', 200],
  ['notifications', '/notifications', 200],
  ['notifications at once', '/notifications', 200],
  ['signed-in search', '/search?q=v', 200],
  ['open post', '/posts/1', 200],
  ['publish', '/posts', 201],
  ['like', '/posts/1/likes', 201],
  ['like again', '/posts/1/likes', 500],
  ['share', '/posts/1/shares', 201],
  ['open no post', '/posts/8', 404],
  ['anonymous search', '/search?q=x', 200],
  ['anonymous search at once', '/search?q=w', 200],
  ['anonymous feed', '/feed', 401],
  ['feed of Iris', '/feed', 200],
  ['failing feed', '/feed', 500],
  ['double like', '/posts/1/likes', 500],
  ['feed that fails', '/feed', 500],
  ['publish that fails', '/posts', 500],
  ['notifications that fail', '/notifications', 500],
  ['feed that loses the database', '/feed', 500],
  ['unknown post', '/posts/9', 404],
  ['empty post', '/posts', 400],
  ['search without a match', '/search?q=y', 200],
  ['search that gives up', '/search?q=z', 200],
] as const;
const facts = {
  slowest: '0984',
  most: 163,
  following: { '0832': 12 },
  candidates: { '0832': 100 },
  names: ['Ben Adler'],
  tokens: ['a.b'],
  words: 'bafogune',
  typed: 'lumiraso',
};
const driven = (exercise: string, given: Partial<Evidence> = {}): Evidence =>
  evidence({
    exercise,
    facts,
    requests: drivenRequests.map(([label, path, status], at) =>
      request({
        label,
        path,
        status,
        responseBody: '{"posts":[{"id":1}]}',
        startMs: 1000 * at,
        userAgent: `murmur-visitor/1.0 (${at})`,
      }),
    ),
    ...given,
  });
const early = ['02-user-id', '03-custom-span', '04-errors'];

test('on evidence without a span no check of an exercise passes, not even a negative one', async () => {
  for (const { exercise, verdict, checks } of await judge(
    early.map((id) => driven(id)),
    exercises,
  )) {
    assert.equal(verdict, 'fail', exercise);
    assert.ok(checks.length >= 7, exercise);
    for (const check of checks) {
      assert.ok(['fail', 'blocked'].includes(check.verdict), `${exercise} ${check.id}: ${check.verdict}`);
      if (check.failure) assert.equal(check.failure.reason, 'no-provider');
    }
  }
});

test('on spans that the libraries alone make no check of 02 and 03 passes', async () => {
  const spans = drivenRequests.flatMap((_, at) => {
    const server = serverSpan({
      traceId: `trace-${at}`,
      startMs: 1000 * at + 1,
      attributes: { 'user_agent.original': `murmur-visitor/1.0 (${at})` },
    });
    return [server, { ...query(server, 1000 * at + 2, 5), traceId: server.traceId }];
  });
  for (const { exercise, checks } of await judge(
    early.slice(0, 2).map((id) => driven(id, { spans })),
    exercises,
  ))
    for (const check of checks)
      assert.ok(['fail', 'blocked'].includes(check.verdict), `${exercise} ${check.id}: ${check.verdict}`);
});

test('a scenario that could not be driven to its end fails with its own reason', async () => {
  const stopped = driven('02-user-id', {
    requests: [],
    drive: { state: 'incomplete', step: 'sign in as Ben', message: 'POST /sessions answered 500' },
  });
  const [judged] = await judge([stopped], exercises);
  assert.equal(judged?.verdict, 'fail');
  assert.equal(judged?.checks[0]?.failure?.reason, 'request-failed');
  assert.match(judged?.checks[0]?.failure?.saw ?? '', /POST \/sessions answered 500/);
});

test('two judgements at once in one process are refused, and the next one works', async () => {
  const first = judge([evidence({ exercise: '90-passes' })], fixtures);
  await assert.rejects(judge([evidence({ exercise: '90-passes' })], fixtures), /two judgements at once/);
  assert.equal((await first)[0]?.verdict, 'pass');
});

test('checks are loaded before there is evidence, and judge it as always', async () => {
  const loaded = loadChecks('98-says-when-it-is-loaded', fixtures);
  assert.ok(await until(() => existsSync(mark), { maxMs: 20_000 }));
  assert.equal(Error.prepareStackTrace, readerOfStacks);
  await assert.rejects(judge([evidence({ exercise: '90-passes' })], fixtures), /two judgements at once/);
  const judged = await loaded.judge(evidence({ exercise: '98-says-when-it-is-loaded', seed: 8 }));
  assert.deepEqual(
    [judged.exercise, judged.verdict, judged.told],
    ['98-says-when-it-is-loaded', 'pass', { seed: 8 }],
  );
});

test('checks whose evidence never comes are let go, and others are judged', async () => {
  const loaded = loadChecks('90-passes', fixtures);
  loaded.drop();
  await loaded.over;
  assert.equal((await judge([evidence({ exercise: '90-passes' })], fixtures))[0]?.verdict, 'pass');
});

test('checks that cannot be loaded say so where evidence is judged', async () => {
  const judged = await loadChecks('93-does-not-load', fixtures).judge(
    evidence({ exercise: '93-does-not-load' }),
  );
  assert.equal(judged.verdict, 'error');
  assert.match(judged.trouble ?? '', /./);
});

test("Jest's reader of stacks does not stay: it would make each error of a browser driver dear", () => {
  assert.equal(Error.prepareStackTrace, readerOfStacks);
});
