import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { repositoryRoot, until } from '@workshop/base';
import type { Browser, Locator, Page } from 'playwright-core';
import type { Solution } from '../../grader/learn/shapes/index.ts';
import { openBrowser } from '../../grader/world/index.ts';
import { Learner } from './support/learner.ts';
import { looksRight } from './support/looks-right.ts';

/** A grading takes 3 to 13 s, on a busy machine more. */
const GRADING_MS = 120_000;
const MAIN = 'app-backend/src/main.ts';

describe('exercise 01 in the page, with the keyboard alone', () => {
  let learner: Learner;
  let browser: Browser;
  let page: Page;
  const wrong: string[] = [];

  before(async () => {
    learner = new Learner();
    const [opened] = await Promise.all([openBrowser(), learner.start()]);
    browser = opened.browser;
    page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  });
  after(async () => {
    await browser?.close();
    await learner?.stop();
  });

  const status = (words: string | RegExp): Promise<void> =>
    page
      .locator('lab-status-line')
      .getByText(words)
      .waitFor({ timeout: GRADING_MS })
      .catch(async (error: Error) => {
        throw new Error(
          `${error.message}\n${await page.locator('lab-status-line').innerText()}\n${learner.output}`,
        );
      });
  const spans = (): Locator => page.locator('lab-waterfall .row');
  /** Moves the focus with Tab, as a person does who has no mouse. */
  async function tabTo(target: Locator): Promise<void> {
    const there = () => target.evaluate((element) => element.matches(':focus'));
    for (let pressed = 0; pressed < 120 && !(await there()); pressed++) await page.keyboard.press('Tab');
    assert.ok(await there(), 'the keyboard does not reach it');
  }

  test('opens at the exercise that comes next, with its task', async () => {
    // The page is built meanwhile: it opens by itself.
    await page.goto(learner.labUrl);
    await page.getByRole('heading', { name: '01 · Your first trace' }).waitFor({ timeout: GRADING_MS });
    assert.equal(new URL(page.url()).pathname, '/learn/01');
    await page.getByRole('heading', { name: 'Your task' }).waitFor();
    await status('Never graded.');
    wrong.length = 0;
  });

  test('says at once that a save is graded, and shows in the trace what is missing', async () => {
    const readme = readFileSync(
      path.join(repositoryRoot, 'exercises', '01-first-trace', 'README.md'),
      'utf8',
    );
    const [, setUp = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
    learner.save('app-backend/src/tracing.ts', setUp);
    learner.save(MAIN, `${learner.read(MAIN)}import './tracing';\n`);
    await status(/was saved\.$|your|judging|using/);
    await status('3 of 6 checks pass.');
    await spans().getByText('MISSING HERE: a span for the controller').waitFor();
    const tall = await page.evaluate<number>('document.documentElement.scrollHeight - innerHeight');
    assert.ok(tall <= 0, `the page is ${tall} px longer than its window`);
  });

  const solutionOf01 = async (): Promise<Solution> =>
    (await (await fetch(`${learner.labUrl}/api/learn/01/solution`)).json()) as Solution;

  test('lays the solution over the trace with one key: its structure, after a question', async () => {
    await page.keyboard.press('m');
    const yes = page.getByRole('button', { name: 'Show its structure' });
    await yes.waitFor();
    assert.equal((await solutionOf01()).state, 'hidden');
    await looksRight(page, 'solution-asked');
    assert.ok(await until(() => yes.evaluate((element) => element.matches(':focus'))));
    await page.keyboard.press('Enter');
    await page.getByText(/^The solution answers the same requests/).waitFor();
    await page.getByText(/^Yours has \d+ spans, the solution's \d+/).waitFor({ timeout: GRADING_MS });
    await spans().getByText('only in the solution').first().waitFor();
    await looksRight(page, 'solution');
    const { passed, traces, code } = await solutionOf01();
    assert.deepEqual([passed, code], [false, []]);
    for (const { attributes, events, resource } of traces[0]?.trace.spans ?? []) {
      assert.deepEqual([attributes, events], [{}, []]);
      assert.equal(typeof resource, 'number');
    }
    assert.ok(traces[0]?.trace.resources.every((each) => Object.keys(each).join() === 'service.name'));
    await page.getByRole('button', { name: 'Text', exact: true }).click();
    await page.getByLabel('The trace as text').getByText('>>> only in the solution').first().waitFor();
    await looksRight(page, 'solution-text');
    await page.keyboard.press('m');
    assert.ok(await until(() => !page.url().includes('solution')));
    await spans().getByText('MISSING HERE: a span for the controller').waitFor();
  });

  test('flies from a check to its span, seen beside wanted, and "back" returns', async () => {
    const check = page.getByRole('button', { name: /01\.2/ });
    await tabTo(check);
    const before = page.url();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('region', { name: /^Span / });
    await drawer.waitFor();
    await page.locator('lab-evidence').getByText('@nestjs/core had been loaded before').waitFor();
    await page.goBack();
    await drawer.waitFor({ state: 'detached' });
    assert.equal(page.url(), before);
  });

  test('fills the gap when the code is mended', async () => {
    const main = learner.read(MAIN).replace("import './tracing';\n", '');
    learner.save(MAIN, `import './tracing';\n${main}`);
    await status('Your code is right.');
    const arrived = spans().filter({ hasText: 'FeedController.list' });
    await arrived.getByText('new').waitFor();
    const fills = (): Promise<string> =>
      arrived
        .locator('.bar')
        .first()
        .evaluate((bar) => bar.ownerDocument.defaultView?.getComputedStyle(bar).animationName ?? '');
    // So the pictures of what came before were taken.
    assert.equal(await fills(), 'none', 'with reduced motion');
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    assert.match(await fills(), /fill$/);
    assert.equal(await spans().getByText('MISSING HERE').count(), 0);
  });

  test('takes the answer, and celebrates with the trace before and now', async () => {
    const [, queries = ''] =
      /(\d+) × pg\.query/.exec(await spans().filter({ hasText: 'pg.query' }).innerText()) ?? [];
    await tabTo(page.getByRole('button', { name: 'Answer', exact: true }));
    await page.keyboard.press('Enter');
    assert.ok(await until(() => page.locator('#answer:focus').isVisible()));
    await page.keyboard.type(queries);
    await page.keyboard.press('Enter');
    await page.getByText('It stands in answers.json now').waitFor();
    assert.equal(JSON.parse(learner.read('answers.json'))['01'], queries);
    await status('Passed.');
    const done = page.locator('lab-done-card');
    await done.getByText(`One feed of Iris makes ${queries} database queries`).waitFor();
    await done.getByText('Before').first().waitFor();
    assert.equal(new URL(page.url()).pathname, '/learn/01', 'nobody is sent on');
    assert.ok(
      await until(() => page.locator('lab-task').evaluate(({ scrollTop }) => scrollTop === 0)),
      'what was learnt is out of sight: the answer stands at the end of the task',
    );
  });

  test('lays both over each other once it is passed, and shows both codes', async () => {
    // The answer's field still has the focus, and there a key is a letter.
    await page.getByRole('treegrid').focus();
    await page.keyboard.press('m');
    await page.getByText(/^Yours has \d+ spans, the solution's \d+/).waitFor({ timeout: GRADING_MS });
    const { passed, traces, code } = await solutionOf01();
    assert.ok(passed && traces[0]?.trace.spans.some(({ attributes }) => 'http.route' in attributes));
    assert.ok(code.length > 0);
    await page.getByText('Both codes').click();
    await page.getByLabel("Your code and the solution's").waitFor();
    await looksRight(page, 'solution-code');
    await page.keyboard.press('m');
    assert.ok(await until(() => !page.url().includes('solution')));
  });

  test('goes on to the next task, at its top', async () => {
    await tabTo(page.getByRole('link', { name: /^Next: 02/ }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^02 · / }).waitFor();
    assert.ok(await until(() => page.locator('lab-task').evaluate(({ scrollTop }) => scrollTop === 0)));
    assert.deepEqual(wrong, []);
  });
});
