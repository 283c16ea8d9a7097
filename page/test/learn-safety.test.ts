import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { hostile, isHarmless } from './support/hostile.ts';
import { check, failure, type Learning, report, reportedTrace, startLearning } from './support/learning.ts';
import { traceMaker } from './support/made-spans.ts';

let learning: Learning;
before(async () => {
  learning = await startLearning();
});
after(() => learning.close());

test('what strangers write into spans, into output and into results is text in an exercise, too', async () => {
  const { span } = traceMaker(1_790_000_000_000);
  const root = span({
    name: hostile('name'),
    ms: 50,
    kind: 'SERVER',
    service: hostile('service'),
    attributes: { [hostile('key')]: hostile('value'), 'user.id': hostile('user') },
    error: hostile('status'),
  });
  const views = [
    {
      title: hostile('title'),
      traceId: root.traceId,
      marks: [{ spanId: root.spanId, text: hostile('MISSING HERE: mark'), shows: 'missing' as const }],
    },
  ];
  const texts = {
    summary: hostile('summary'),
    saw: hostile('saw'),
    wanted: hostile('wanted'),
    cause: hostile('cause'),
    look: hostile('look'),
    output: [hostile('output'), `app-backend/src/${hostile('file')}.ts:1:1`],
    tables: [{ title: hostile('table'), columns: [hostile('column')], rows: [[hostile('cell')]] }],
  };
  const fails = check('01.1', hostile('check'), {
    verdict: 'fail',
    reason: 'unexplained',
    failure: failure(texts),
    views,
  });
  const broken = check('01.2', 'it has trouble', { verdict: 'error', message: hostile('message') });
  const passes = check('01.1', hostile('check'));
  const traces = [reportedTrace([root])];
  const done = report('01-first-trace', [passes], {
    traces,
    shown: { title: hostile('title'), traceId: root.traceId, marks: [] },
    told: { queries: hostile('told') },
  });

  await learning.keep(report('01-first-trace', [fails, broken], { traces }));
  learning.save('answers.json', JSON.stringify({ '01': hostile('answer') }));
  const page = await learning.open('/learn/01');
  await page.locator('[data-check="check-01-1"]').click();
  const evidence = page.locator('lab-evidence');
  await evidence.waitFor();
  const list = (await page.locator('lab-check-list').textContent()) ?? '';
  for (const field of ['check', 'saw', 'wanted', 'cause', 'look', 'output', 'table', 'column', 'cell'])
    assert.ok(list.includes(`${field} <img src=x`), `${field} is shown`);
  assert.match((await evidence.textContent()) ?? '', /saw <img src=x.*wanted <img src=x/s);
  assert.match(await page.locator('#answer').inputValue(), /^answer <img/);
  await isHarmless(page);
  await page.locator('[data-check="check-01-2"]').click();
  await page.getByText('message <img src=x').last().waitFor();
  await isHarmless(page);

  learning.publish('save', { generation: 1, exercise: '01', file: hostile('file') });
  await page.getByText('file <img src=x').waitFor();
  await isHarmless(page);
  learning.publish('trouble', { generation: 1, exercise: '01', message: hostile('trouble') });
  await page.getByText('trouble <img src=x').waitFor({ state: 'attached' });
  await isHarmless(page);

  await learning.keep(done);
  await page.reload();
  await page.getByText('told <img src=x').waitFor();
  await isHarmless(page);
  assert.deepEqual(learning.complaints(), []);
});
