import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { until } from '@workshop/base';
import type { Page } from 'playwright-core';
import type { ReportedCheck, ReportedExercise } from '../../grader/report/index.ts';
import { loadManifest } from '../../grader/workshop/index.ts';
import { startBrowsing } from './support/browsing.ts';
import { check, failure, type Learning, report, reportedTrace, startLearning } from './support/learning.ts';
import { looksRight } from './support/looks-right.ts';
import { feedTrace, traceMaker } from './support/made-spans.ts';

const feed = feedTrace(1_790_000_000_000, 12);
const small = feed.filter(({ name }) => !/rank|pg\.query/.test(name));
const server = feed.find(({ kind }) => kind === 'SERVER');
const list = feed.find(({ name }) => name === 'list');
const traceId = feed[0]?.traceId ?? '';
const TITLE = 'GET /feed, signed in as user 4711';

/** The first check of 03 fails, the others wait for it. */
function withoutRanking(shape: Partial<ReportedCheck> = {}): ReportedExercise {
  const fails = check('03.1', 'a feed request has a span named "rank feed"', {
    id: 'named',
    verdict: 'fail',
    reason: 'span-missing',
    failure: failure({
      summary: 'There is no such span.',
      saw: 'GET /feed has 9 spans, and none is called "rank feed".',
      wanted: 'a span "rank feed" below GET /feed, around the ranking.',
      look: 'exercises/03-custom-span/README.md, "What you need"',
    }),
    views: [
      {
        title: TITLE,
        traceId,
        marks: [
          {
            spanId: list?.spanId ?? '',
            text: 'MISSING HERE: rank feed',
            place: 'child',
            interval: { startMs: (list?.startMs ?? 0) + 8, endMs: (list?.startMs ?? 0) + 910 },
            shows: 'missing',
          },
        ],
      },
    ],
    ...shape,
  });
  const waits = check('03.2', 'it lies inside the request that caused it', {
    verdict: 'blocked',
    blockedBy: ['named'],
    message: 'waits for named',
  });
  const question = check('03.3', "answer: how many queries belong to the ranking of Iris's feed", {
    verdict: 'blocked',
    blockedBy: ['named'],
  });
  return report('03-custom-span', [fails, waits, question], { traces: [reportedTrace(small)] });
}

const passing = [
  check('03.1', 'a feed request has a span named "rank feed"'),
  check('03.2', 'it lies inside the request that caused it'),
];
const shown = { title: TITLE, traceId, marks: [] };

describe('every state of an exercise', () => {
  let learning: Learning;
  let page: Page;

  before(async () => {
    learning = await startLearning();
    page = await learning.open('/learn/03');
  });
  beforeEach(async () => {
    learning.forget();
    await page.setViewportSize({ width: 1280, height: 800 });
  });
  after(() => learning.close());

  const status = (words: string | RegExp): Promise<void> =>
    page.locator('lab-status-line').getByText(words).first().waitFor();

  /** Opens it anew at 1280, then at 360 with each part of `tabs`. */
  async function look(name: string, words: string | RegExp, { tabs = ['checks'], query = '' } = {}) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(new URL(`/learn/03${query}`, page.url()).href);
    await status(words);
    await looksRight(page, name);
    await page.setViewportSize({ width: 360, height: 740 });
    for (const tab of tabs) {
      await page
        .getByRole('navigation', { name: 'Parts' })
        .getByRole('button', { name: new RegExp(tab, 'i') })
        .click();
      await looksRight(page, `${name}-${tab}`);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    assert.deepEqual(learning.complaints(), []);
  }

  test('never graded', () => look('never-graded', 'Never graded.', { tabs: ['task', 'checks', 'trace'] }));

  test('graded, by step: the old verdict steps back; then the grader has trouble of its own', async () => {
    await learning.keep(withoutRanking());
    await page.goto(new URL('/learn/03', page.url()).href);
    await status('0 of 3 checks pass.');
    learning.publish('save', { generation: 1, exercise: '03', file: 'app-backend/src/main.ts' });
    await status('app-backend/src/main.ts was saved.');
    learning.publish('grading', {
      generation: 1,
      exercise: '03',
      step: 2,
      of: 4,
      text: 'starting your Murmur',
    });
    await status('starting your Murmur');
    assert.ok(await page.locator('lab-check-list .old').isVisible());
    await looksRight(page, 'grading');
    learning.publish('trouble', { generation: 1, exercise: '03', message: 'The disk is full.\nat line 3' });
    await status('The grader itself had trouble.');
    await page.getByText('What happened').click();
    await page.getByText('The disk is full.').waitFor();
    await looksRight(page, 'trouble');
  });

  test('stale: the files are not those that were graded', async () => {
    await learning.keep(withoutRanking(), { stale: true });
    await look('stale', 'Your files have changed', { tabs: [] });
  });

  test('a missing span stands dashed where it belongs; a check flies to its place, and Back returns', async () => {
    await learning.keep(withoutRanking());
    await look('missing', '0 of 3 checks pass.', { tabs: ['checks', 'trace'] });
    await page.locator('.row.ghost').getByText('MISSING HERE: rank feed').waitFor();
    const grid = page.getByRole('treegrid');
    // Little room, so that there is something to scroll.
    await page.setViewportSize({ width: 1280, height: 340 });
    await grid.evaluate((element) => element.scrollTo(0, 40));
    assert.ok(await until(() => grid.evaluate(({ scrollTop }) => scrollTop === 40)), 'it does not scroll');
    const at = page.url();
    await page.locator('[data-check="named"]').click();
    await page.getByRole('region', { name: 'Span list' }).waitFor();
    await page.locator('lab-evidence').getByText('none is called "rank feed"').waitFor();
    await page.goBack();
    await page.getByRole('region', { name: 'Span list' }).waitFor({ state: 'detached' });
    assert.equal(page.url(), at);
    assert.ok(await until(() => grid.evaluate(({ scrollTop }) => scrollTop === 40)));
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('a check that waits names the one that it waits for, and leads there', async () => {
    await learning.keep(withoutRanking());
    await look('waits', '0 of 3', { query: '?check=check-03-2' });
    await page.getByText('waits for 03.1').first().waitFor();
    await page.getByRole('button', { name: 'Go to 03.1' }).click();
    await page.getByRole('button', { name: 'Show it in the trace' }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('check'), 'named');
  });

  test('an attribute on another span: sent to its key, seen beside wanted', async () => {
    const marks = [
      {
        spanId: server?.spanId ?? '',
        text: 'MISSING HERE: murmur.ranking.candidate_count',
        shows: 'missing' as const,
      },
      {
        spanId: list?.spanId ?? '',
        text: 'FOUND HERE: murmur.ranking.candidate_count = 36',
        shows: 'seen' as const,
      },
    ];
    await learning.keep(withoutRanking({ views: [{ title: TITLE, traceId, marks }] }));
    const query = `?check=named&span=${server?.spanId}&key=murmur.ranking.candidate_count`;
    await look('evidence', '0 of 3', { query, tabs: ['trace'] });
    await page.getByText('murmur.ranking.candidate_count is not on this span').waitFor();
  });

  test('will not compile: the lines of the program, each place one click from the editor', async () => {
    const output = ["app-backend/src/main.ts:3:12 - error TS1005: ',' expected.", '  3 await bootstrap(;'];
    await learning.keep(
      withoutRanking({
        reason: 'syntax-error',
        views: [],
        failure: failure({
          summary: 'There is a syntax error.',
          saw: 'the API did not start.',
          wanted: 'a running API.',
          look: 'that line.',
          output,
        }),
      }),
    );
    await look('broken', '0 of 3');
    await page.getByRole('button', { name: 'app-backend/src/main.ts:3:12' }).click();
    await page
      .locator('.said')
      .getByText(/app-backend\/src\/main\.ts/)
      .waitFor();
    learning.complaints();
  });

  test('no spans: what is known of why', async () => {
    const noSpans = withoutRanking({
      views: [],
      reason: 'no-provider',
      failure: failure({
        summary: 'No tracer provider was started, so nothing makes spans.',
        saw: '0 spans.',
        wanted: 'a SERVER span.',
        look: 'main.ts',
      }),
    });
    await learning.keep({ ...noSpans, traces: [] });
    await look('no-spans', '0 of 3', { tabs: ['trace'] });
    await page.getByText('No tracer provider was started').first().waitFor();
  });

  test('a span whose parent is not here, and one that never ended', async () => {
    const { span, traceId: torn } = traceMaker(1_790_000_000_000);
    const spans = [
      span({ name: 'GET /feed', ms: 90, kind: 'SERVER' }),
      span({ name: 'left alone', at: 20, ms: 30, parent: '00000000000000aa' }),
    ];
    const open = span({ name: 'rank feed', at: 5, ms: 0, parent: spans[0] });
    await learning.keep({
      ...withoutRanking({ views: [{ title: TITLE, traceId: torn, marks: [] }] }),
      traces: [reportedTrace([...spans, open], [open.spanId])],
    });
    await look('torn', '0 of 3', { tabs: ['trace'] });
    await page.getByText('never ended', { exact: true }).waitFor();
    await page.getByText('parent not here').waitFor();
  });

  for (const [name, words, trouble] of [
    ['own-error', 'The grader itself had trouble.', 'The database did not start.'],
    ['no-browser', 'There is no browser to drive.', 'There is no browser on this machine.'],
  ] as const) {
    test(`no verdict: ${words}`, async () => {
      await learning.keep(report('03-custom-span', [], { verdict: 'error', trouble }));
      await look(name, words);
    });
  }

  test('all is right but the answer; an answer is written, refused while the file is broken, and undone', async () => {
    const question = check('03.3', "answer: how many queries belong to the ranking of Iris's feed", {
      verdict: 'fail',
      reason: 'answer-missing',
      failure: failure({
        saw: 'nothing stands under "03" in answers.json.',
        wanted: 'a whole number.',
        look: 'the trace.',
      }),
    });
    await learning.keep(
      report('03-custom-span', [...passing, question], { shown, traces: [reportedTrace(feed)] }),
    );
    await look('answer', 'Your code is right.', { tabs: ['task', 'checks'] });
    await page.getByRole('button', { name: 'Answer', exact: true }).click();
    await page.locator('#answer').fill('12');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Undo' }).click();
    assert.ok(await until(async () => (await page.locator('#answer').inputValue()) === ''));
    learning.save('answers.json', '{ "01": 3 "03": 4 }');
    await page.reload();
    await page.getByText('a comma is missing').waitFor();
    await looksRight(page, 'answers-broken');
    learning.save('answers.json', '{ "01": null, "03": null }');
  });

  test('passed: the trace before and now, what was learnt, and the next one', async () => {
    await learning.keep(withoutRanking());
    await learning.keep(report('03-custom-span', passing, { shown, traces: [reportedTrace(feed)] }));
    await look('passed', 'All 2 checks pass.', { tabs: ['task', 'trace'] });
    await page.getByRole('button', { name: 'Look at the trace before' }).click();
    await page.locator('.row.ghost').getByText('MISSING HERE: rank feed').waitFor();
    await page.getByRole('button', { name: 'Now', exact: true }).click();
    await page.getByRole('row', { name: /^rank feed/ }).waitFor();
    assert.equal(await page.locator('.row.ghost').count(), 0);
  });

  test('all done', async () => {
    const graded = (await loadManifest()).filter(({ hasChecks, optional }) => hasChecks && !optional);
    for (const { id } of graded)
      await learning.keep(report(id, passing, { shown, traces: [reportedTrace(feed)] }));
    await look('all-done', 'All 2 checks pass.', { tabs: ['task'] });
    await page.getByText('All exercises are done.').waitFor();
  });

  test('hints are a ladder', async () => {
    await page.goto(new URL('/learn/03', page.url()).href);
    await page.getByRole('button', { name: /Stuck\? A hint/ }).click();
    await page.getByRole('button', { name: /One more hint/ }).click();
    await page.getByText('Hint 2').waitFor();
    await looksRight(page, 'hints');
  });

  test('a word of the glossary is explained beside its link', async () => {
    await page.goto(new URL('/learn/03', page.url()).href);
    await page.locator('.prose a[href="#term-tracer"]').first().click();
    await page.locator('.term:popover-open').getByRole('heading', { name: 'tracer' }).waitFor();
    await looksRight(page, 'term');
  });

  test('the list of exercises with their states', async () => {
    await page.goto(new URL('/learn/03', page.url()).href);
    await page.getByRole('button', { name: /Exercises/ }).click();
    await page.getByRole('link', { name: /01.*your task now/ }).waitFor();
    await looksRight(page, 'exercises');
  });

  test('nothing is graded of an exercise that is to look around; and of another there is none', async () => {
    await page.goto(new URL('/learn/00', page.url()).href);
    await page.getByText('Nothing of it is graded.').waitFor();
    await looksRight(page, 'look-around');
    await page.goto(new URL('/learn/77', page.url()).href);
    await page.getByText('There is no exercise 77 here.').waitFor();
    learning.complaints();
  });

  test('the lab stops: what was there stays, and it is said what to do', async () => {
    await learning.keep(withoutRanking());
    await page.goto(new URL('/learn/03', page.url()).href);
    await status('0 of 3');
    await learning.lab.close();
    await status('The lab does not answer.');
    await page.getByText('MISSING HERE: rank feed').waitFor();
    await looksRight(page, 'stopped');
  });
});

test('a lab that runs alone has no exercises, and says how to get them', async () => {
  const browsing = await startBrowsing();
  const page = await browsing.open('/learn');
  await page.getByRole('heading', { name: 'The exercises are not here.' }).waitFor();
  assert.deepEqual(browsing.complaints(), []);
  await browsing.close();
});
