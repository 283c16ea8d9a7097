import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exercise } from '../order.ts';
import { type ScenarioOptions, scenario } from '../scenario.ts';
import { scheduleOf } from '../schedule.ts';

const one = (id: string, options: ScenarioOptions = {}): Exercise => ({
  id,
  scenario: scenario(async () => {}, options),
});
const ids = (groups: Exercise[][]) => groups.map((group) => group.map(({ id }) => id).join(' '));

test('what needs the same processes is driven in one system, and what mostly waits beside it', () => {
  const { busy, waiting } = scheduleOf([
    one('plain'),
    one('page', { page: true }),
    one('worker', { worker: true }),
    one('waiting', { page: true, mostlyWaits: true }),
    one('both', { worker: true, page: true }),
    one('told', { env: { SHARE: '0.5' } }),
  ]);
  assert.deepEqual(ids(busy), ['plain page', 'worker both', 'told']);
  assert.deepEqual(ids(waiting), ['waiting']);
});

test('where all need the same processes, the later visits of the page are driven beside the rest', () => {
  const visits = ['a', 'b', 'c'].map((id) => one(id, { page: true }));
  const { busy, waiting } = scheduleOf([one('plain'), ...visits]);
  assert.deepEqual(ids(busy), ['plain a b', 'c']);
  assert.deepEqual(waiting, []);
});

test('where all mostly wait, they are driven side by side as others would be', () => {
  const { busy, waiting } = scheduleOf(['a', 'b'].map((id) => one(id, { page: true, mostlyWaits: true })));
  assert.deepEqual(ids(busy), ['a', 'b']);
  assert.deepEqual(waiting, []);
});

test('a wrong clock comes last in its system, also among those that wait', () => {
  for (const mostlyWaits of [false, true]) {
    const options = { worker: true, mostlyWaits };
    const { busy, waiting } = scheduleOf([
      one('another', { env: { SHARE: '0.5' } }),
      one('skewed', { ...options, clockSkewMs: 7_000 }),
      one('right', options),
    ]);
    assert.deepEqual(ids([...busy, ...waiting]), ['another', 'right skewed']);
    assert.equal(waiting.length, mostlyWaits ? 1 : 0);
  }
});
