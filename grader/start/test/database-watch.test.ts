import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { until } from '@workshop/base';
import { DatabaseWatch } from '../database-watch.ts';

const TIMES = { pauseMs: 5, answerMs: 30 };

describe('the watch over the database', () => {
  let state: 'well' | 'gone' | 'frozen' = 'well';
  let restarts = 0;
  let returns = 0;
  let said: string[] = [];
  let watch: DatabaseWatch;
  const begin = (restart?: () => Promise<void>, patienceMs = 60) => {
    state = 'well';
    restarts = 0;
    returns = 0;
    said = [];
    const ask = () => {
      if (state === 'frozen') return new Promise(() => {});
      return state === 'well' ? Promise.resolve() : Promise.reject(new Error('refused'));
    };
    watch = new DatabaseWatch(
      { ask, ...(restart && { restart }) },
      { say: (text) => said.push(text), onReturn: () => returns++, times: { ...TIMES, patienceMs } },
    );
  };
  const comesBack = async () => assert.ok(await until(() => returns === 1), said.join('\n'));
  afterEach(() => watch.stop());

  test('starts one that is gone again, and says so twice: lost, and there again', async () => {
    begin(async () => {
      restarts++;
      state = 'well';
    });
    state = 'gone';
    await comesBack();
    assert.deepEqual(said, ['The database is gone. It is started again.', 'The database is there again.']);
    assert.equal(restarts, 1);
  });

  test('waits for one that is silent, and leaves it alone when it answers again', async () => {
    begin(async () => void restarts++, 60_000);
    state = 'frozen';
    assert.ok(await until(() => said.length === 1));
    state = 'well';
    await comesBack();
    assert.match(said[0] ?? '', /does not answer\. If it stays silent/);
    assert.equal(restarts, 0);
  });

  test('starts one that stays silent again', async () => {
    begin(async () => {
      restarts++;
      state = 'well';
    });
    state = 'frozen';
    await comesBack();
    assert.equal(restarts, 1);
  });

  test('says once why it cannot be started, and goes on trying', async () => {
    begin(async () => {
      if (++restarts < 4) throw new Error('no room on the disk\nwith a stack');
      state = 'well';
    });
    state = 'gone';
    await comesBack();
    assert.deepEqual(said.slice(1, -1), ['It could not be started: no room on the disk']);
  });

  test("only says it of somebody else's", async () => {
    begin();
    state = 'gone';
    assert.ok(await until(() => said.length === 1));
    state = 'well';
    await comesBack();
    assert.equal(said[0], 'The database does not answer. Murmur goes on when it does.');
  });

  test('says nothing of one late answer, and stops at once in the middle of a question', async () => {
    begin(async () => void restarts++);
    state = 'frozen';
    await watch.stop();
    assert.deepEqual([said, restarts], [[], 0]);
  });
});
