import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type System, stopSharedServer } from '../index.ts';
import { makeTree, startFixture } from './trees.ts';

after(stopSharedServer);
const tree = makeTree('ends-as-told');

describe('another instance of the API', { timeout: 90_000, skip: process.platform === 'win32' }, () => {
  let system: System;
  before(async () => {
    system = await startFixture(tree);
  });
  after(() => system.stop());

  let count = 1;
  const started = async (HOW: string) => {
    count++;
    const replica = await system.startReplica({ kind: 'api', name: `api-${count}`, env: { HOW } });
    assert.match(String(await replica.ready()), /^http:/);
    return replica;
  };

  for (const [how, code, signal] of [
    ['', null, 'SIGTERM'],
    ['code-0', 0, null],
    ['code-3', 3, null],
    ['signal-usr2', null, 'SIGUSR2'],
  ] as const)
    test(`tells how it ended when it was asked to: ${how || 'by the signal itself'}`, async () => {
      const replica = await started(how);
      const outcome = await replica.stop(5_000);
      assert.deepEqual([outcome.code, outcome.signal], [code, signal]);
      assert.ok(
        (outcome.endedMs ?? 0) >= outcome.askedMs && (outcome.endedMs ?? 0) < outcome.askedMs + 5_000,
      );
      assert.deepEqual([(await replica.record()).name, (await replica.record()).ended], ['api', 'stopped']);
    });

  test('that does not end is waited for, and ended then; the system goes on', async () => {
    const replica = await started('stays');
    const began = performance.now();
    const outcome = await replica.stop(300);
    assert.equal(outcome.endedMs, null);
    assert.ok(performance.now() - began >= 300);
    await assert.rejects(fetch(String(await replica.ready())));
    assert.equal((await fetch(String(system.apiUrl))).status, 200);
    assert.deepEqual(await system.endsSince(0), []);
  });

  test('that cannot start is said to be none', async () => {
    const replica = await system.startReplica({
      kind: 'api',
      name: 'api-none',
      env: { NODE_OPTIONS: '--no-such-option' },
    });
    assert.equal(await replica.ready(), null);
    await replica.close();
  });
});
