import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { evidence, request, serverSpan } from '@workshop/grader/test/evidence';
import { type Lab, startLab } from '@workshop/lab';
import { keepVerdict, LiveGrader, rememberPasses } from '../../grading/index.ts';
import type { ExerciseResult } from '../../judge/index.ts';
import { reportedExercise } from '../../report/index.ts';
import { hashTree, listTree, type TreePlace } from '../../tree/index.ts';
import { undo } from '../../workshop/index.ts';
import { addLearnRoutes, addSolutionRoutes, LearnSession, Solutions } from '../index.ts';
import type { ExerciseDetail, ExerciseList, Hints, Solution } from '../shapes/index.ts';

const PASSED: ExerciseResult = {
  id: '01-first-trace',
  verdict: 'pass',
  checks: [],
  told: { queries: 163, feed: 900 },
  ms: 1,
  evidence: null,
  trouble: null,
};

describe("the learner's routes", () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'learn-'));
  const place: TreePlace = { root: folder, workshop: path.join(folder, '.workshop') };
  const grader = new LiveGrader({ environment: process.env, place, onEvent: () => {} });
  let lab: Lab;
  const answers = path.join(folder, 'answers.json');

  before(async () => {
    mkdirSync(path.join(folder, 'app-backend', 'src'), { recursive: true });
    writeFileSync(path.join(folder, 'app-backend', 'src', 'main.ts'), 'export {};\n');
    writeFileSync(path.join(folder, 'app-backend', 'package.json'), '{}');
    writeFileSync(answers, '{\n  "01": null,\n  "03": null, "10": 4\n}\n');
    lab = await startLab({
      dir: path.join(folder, 'lab'),
      port: 0,
      otlpPort: 0,
      mount(app) {
        const session = new LearnSession(place, grader);
        addLearnRoutes(app, session);
        addSolutionRoutes(app, session, new Solutions(place, process.env));
      },
    });
  });
  after(async () => {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const get = async <T>(route: string): Promise<T> => (await fetch(`${lab.url}${route}`)).json() as T;
  const send = async (method: string, route: string, body: unknown, headers = {}) => {
    const response = await fetch(`${lab.url}${route}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'x-murmur-lab': '1',
        'sec-fetch-site': 'same-origin',
        ...headers,
      },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  test('list the exercises with their states', async () => {
    const { exercises, current, live } = await get<ExerciseList>('/api/learn');
    assert.equal(current, '01');
    assert.deepEqual(
      exercises.slice(0, 5).map(({ id, slug, state, optional }) => [id, slug, state, optional]),
      [
        ['00', '00-look-around', 'open', true],
        ['01', '01-first-trace', 'current', false],
        ['02', '02-user-id', 'blocked', false],
        ['03', '03-custom-span', 'blocked', false],
        ['03b', '03b-find-and-fix', 'blocked', true],
      ],
    );
    assert.deepEqual(live, { phase: 'idle', generation: 0, exercise: null, step: null });
  });

  test('show an exercise that was never graded: task, checks, question, no hint, no verdict', async () => {
    const detail = await get<ExerciseDetail>('/api/learn/3');
    assert.match(detail.html, /<h2>Your task<\/h2>/);
    assert.match(detail.terms.tracer?.html ?? '', /^<p>/);
    assert.deepEqual(detail.checks[0], {
      number: '03.1',
      title: 'a feed request has a span named "rank feed"',
    });
    assert.deepEqual([detail.hints.shown, detail.verdict, detail.done], [[], null, null]);
    assert.ok(detail.hints.total >= 3);
    assert.deepEqual(detail.question, {
      text: "how many queries belong to the ranking of Iris's feed",
      slots: [{ key: '03', value: null }],
      problem: null,
    });
  });

  test('show an optional part, too', async () => {
    const detail = await get<ExerciseDetail>('/api/learn/3b');
    assert.deepEqual([detail.id, detail.optional, detail.waitsFor], ['03b', true, ['03']]);
    assert.match(detail.checks[0]?.number ?? '', /^03b\.1$/);
  });

  test('give one hint more each time, and remember it', async () => {
    const { body } = await send('POST', '/api/learn/03/hint', {});
    assert.equal((body as unknown as Hints).shown.length, 1);
    await send('POST', '/api/learn/03/hint', {});
    const { hints } = await get<ExerciseDetail>('/api/learn/03-custom-span');
    assert.deepEqual(hints.shown.length, 2);
    assert.match(hints.shown[1]?.heading ?? '', /^Hint 2/);
  });

  test('give the hint for the question, when it alone is left', async () => {
    const nothing = { failure: null, blockedBy: [], trouble: null };
    const result: ExerciseResult = {
      ...PASSED,
      verdict: 'fail',
      checks: [
        { id: 'a', number: '01.1', title: 'a span', verdict: 'pass', ...nothing },
        { id: 'b', number: '01.2', title: 'answer: how many', verdict: 'fail', ...nothing },
      ],
    };
    const exercise = reportedExercise(result, evidence({ requests: [request()], spans: [] }));
    await keepVerdict({ tree: 'x', seed: 7, exercise }, place.workshop);
    const { body } = await send('POST', '/api/learn/01/hint', {});
    assert.match((body as unknown as Hints).shown.at(-1)?.heading ?? '', /: the answer$/);
  });

  test('write an answer in its place, and undo takes it back', async () => {
    const text = readFileSync(answers, 'utf8');
    const { status } = await send('PUT', '/api/learn/answers', { answers: { '03': '163' } });
    assert.equal(status, 200);
    assert.equal(readFileSync(answers, 'utf8'), text.replace('"03": null', '"03": "163"'));
    assert.equal((await get<ExerciseDetail>('/api/learn/03')).question?.slots[0]?.value, '163');
    assert.equal((await undo({ place }))?.action, 'answer 3');
    assert.equal(readFileSync(answers, 'utf8'), text);
  });

  test('change no answers.json that cannot be read, and say where it is broken', async () => {
    const text = readFileSync(answers, 'utf8');
    writeFileSync(answers, '{ "01": 3 "02": 4 }');
    const { status, body } = await send('PUT', '/api/learn/answers', { answers: { '03': '163' } });
    assert.equal(status, 409);
    assert.match(
      String(body.detail),
      /^answers\.json cannot be read: line 1.* a comma is missing here\. Mend it/,
    );
    assert.match((await get<ExerciseDetail>('/api/learn/03')).question?.problem ?? '', /a comma is missing/);
    assert.equal(readFileSync(answers, 'utf8'), '{ "01": 3 "02": 4 }');
    writeFileSync(answers, text);
  });

  for (const [what, body] of [
    ['an unknown slot', { answers: { '77': 'x' } }],
    ['the slot of an exercise without checks', { answers: { '00': 'x' } }],
    ['a value that is no answer', { answers: { '03': { $ne: 1 } } }],
    ['no slot at all', { answers: {} }],
    ['another shape', ['03']],
  ] as const) {
    test(`refuse ${what} with a 422`, async () => {
      const text = readFileSync(answers, 'utf8');
      assert.equal((await send('PUT', '/api/learn/answers', body)).status, 422);
      assert.equal(readFileSync(answers, 'utf8'), text);
    });
  }

  test('know no other exercise, and nothing to grade in one without checks', async () => {
    assert.equal((await fetch(`${lab.url}/api/learn/77`)).status, 404);
    assert.equal((await fetch(`${lab.url}/api/learn/..%2f..%2fetc`)).status, 422);
    assert.equal((await send('POST', '/api/learn/00/grade', {})).status, 409);
  });

  test('show the last verdict with its trace, and say when it is stale', async () => {
    const spans = [serverSpan({ traceId: 'a'.repeat(32) })];
    const exercise = reportedExercise(PASSED, evidence({ requests: [request()], spans }));
    const tree = await hashTree(await listTree(folder));
    await keepVerdict({ tree, seed: 7, exercise }, place.workshop);
    await rememberPasses([PASSED], place.workshop);
    const passed = await get<ExerciseDetail>('/api/learn/01');
    assert.deepEqual([passed.state, passed.verdict?.stale, passed.verdict?.seed], ['passed', false, 7]);
    assert.deepEqual(passed.verdict?.exercise.traces[0]?.spans[0]?.name, 'GET /feed');
    assert.match(passed.done ?? '', /163/);
    writeFileSync(path.join(folder, 'app-backend', 'src', 'main.ts'), 'export const changed = 1;\n');
    assert.equal((await get<ExerciseDetail>('/api/learn/01')).verdict?.stale, true);
  });

  test('keep a solution hidden until somebody says that they want to see it', async () => {
    assert.equal((await get<Solution>('/api/learn/02/solution')).state, 'ungraded');
    const exercise = reportedExercise({ ...PASSED, id: '02-user-id', verdict: 'fail' }, null);
    const graded = { ...exercise, evidence: '.workshop/evidence/none/02-user-id.json' };
    await keepVerdict({ tree: 'of now', seed: 7, exercise: graded }, place.workshop);
    const hidden = await get<Solution>('/api/learn/02/solution');
    assert.deepEqual([hidden.state, hidden.passed, hidden.traces, hidden.code], ['hidden', false, [], []]);
    const { status, body } = await send('POST', '/api/learn/02/solution', {});
    assert.equal(status, 409);
    assert.match(String(body.detail), /is not passed yet/);
    assert.equal((await send('POST', '/api/learn/02/solution', { confirmed: 'yes' })).status, 422);
    assert.equal((await fetch(`${lab.url}/api/learn/77/solution`)).status, 404);
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    assert.equal((await send('POST', '/api/learn/02/solution', { confirmed: true }, foreign)).status, 403);
    assert.equal((await get<Solution>('/api/learn/02/solution')).state, 'hidden');
  });

  for (const wanted of [
    '../secret.txt',
    '/etc/hostname',
    'app-backend/../../secret.txt',
    'app-backend/link.ts',
    'app-backend/src',
    '.workshop/progress.json',
    'app-backend/src/main.ts\0.png',
    'app-backend/none.ts',
  ]) {
    test(`open nothing but files of the learner's: ${JSON.stringify(wanted)}`, async () => {
      if (wanted.endsWith('link.ts'))
        symlinkSync('/etc/hostname', path.join(folder, 'app-backend', 'link.ts'));
      const { status, body } = await send('POST', '/api/learn/open', { path: wanted });
      assert.equal(status, 409);
      assert.match(String(body.detail), /is no file of yours/);
    });
  }

  test('are in the document, and refuse pages from elsewhere', async () => {
    const { paths } = await get<{ paths: Record<string, unknown> }>('/api/openapi.json');
    assert.ok('/api/learn/{id}' in paths && '/api/learn/answers' in paths);
    const text = readFileSync(answers, 'utf8');
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const { status } = await send('PUT', '/api/learn/answers', { answers: { '03': '1' } }, foreign);
    assert.equal(status, 403);
    assert.equal(readFileSync(answers, 'utf8'), text);
  });
});
