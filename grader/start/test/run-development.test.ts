import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { until } from '@workshop/base';
import { MadeUpMurmur } from './made-up-murmur.ts';

const commandOf = (pid: number): string =>
  readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');

describe('npm start', () => {
  let murmur: MadeUpMurmur;
  beforeEach(() => {
    murmur = new MadeUpMurmur();
  });
  afterEach(() => murmur.remove());

  test('starts database, API and worker, and leaves nothing on SIGTERM', async () => {
    await murmur.start();
    await murmur.prints('Murmur runs.');
    await murmur.prints(/\[worker\] pid \d+ waits for postgres:\/\/murmur:\w+@127\.0\.0\.1:\d+\/murmur/);
    assert.equal(await murmur.answer(), 'one');
    assert.ok(murmur.processes().length > 3);
    murmur.signal('SIGTERM');
    assert.equal(await murmur.exits(), 0);
    assert.match(murmur.output, /\[api\] {4}asked to end/);
    await murmur.leavesNothing();
  });

  test('takes two signals of one Ctrl-C as one', async () => {
    await murmur.start();
    await murmur.prints('Murmur runs.');
    murmur.signal('SIGINT');
    murmur.signal('SIGINT');
    assert.equal(await murmur.exits(), 0);
    await murmur.leavesNothing();
  });

  test('leaves nothing when it is killed', { skip: process.platform === 'win32' }, async () => {
    await murmur.start();
    await murmur.prints('Murmur runs.');
    murmur.signal('SIGKILL');
    await murmur.leavesNothing();
  });

  test('ends an API that ignores SIGTERM', { skip: process.platform === 'win32' }, async () => {
    await murmur.start({ env: { STUBBORN: '1' } });
    await murmur.prints('Murmur runs.');
    murmur.signal('SIGINT');
    assert.equal(await murmur.exits(), 0);
    assert.match(murmur.output, /It did not end when asked to/);
    await murmur.leavesNothing();
  });

  test('does not wait after a second Ctrl-C', { skip: process.platform === 'win32' }, async () => {
    await murmur.start({ env: { STUBBORN: '1' } });
    await murmur.prints('Murmur runs.');
    murmur.signal('SIGINT');
    await murmur.prints('asked to end');
    const asked = () => {
      murmur.signal('SIGINT');
      return murmur.exitCode !== null;
    };
    const forced = await until(asked, { maxMs: 10_000, everyMs: 50 });
    assert.ok(forced);
    assert.equal(murmur.exitCode, 1);
    await murmur.leavesNothing();
  });

  test('runs what was saved', async () => {
    await murmur.start();
    await murmur.prints('Murmur runs.');
    murmur.write('src/greeting.mjs', "export const greeting = 'two';\n");
    await murmur.answers('two');
    assert.match(murmur.output, /src[/\\]greeting\.mjs saved/);
    assert.equal(murmur.processes().length > 3, true);
  });

  test('shows a syntax error and goes on at the next save', async () => {
    await murmur.start();
    await murmur.prints('Murmur runs.');
    murmur.write('src/greeting.mjs', 'export const greeting = ;\n');
    await murmur.prints('[api]    export const greeting = ;');
    await murmur.prints('[api]    It ended (exit code 1). It starts again at your next save.');
    murmur.write('src/greeting.mjs', "export const greeting = 'repaired';\n");
    await murmur.answers('repaired');
  });

  test('starts although the API is broken', async () => {
    murmur.write('src/greeting.mjs', 'export const greeting = ;\n');
    await murmur.start();
    await murmur.prints('not there yet: see [api] above');
    murmur.write('src/greeting.mjs', "export const greeting = 'repaired';\n");
    await murmur.answers('repaired');
  });

  test('starts a database that was killed again, without a save', {
    skip: process.platform !== 'linux',
  }, async () => {
    await murmur.start();
    await murmur.prints('Murmur runs.');
    const [postmaster] = murmur.processes().filter((pid) => /postgres.*-D/.test(commandOf(pid)));
    process.kill(postmaster as number, 'SIGKILL');
    await murmur.prints('[start]  The database is gone. It is started again.');
    await murmur.prints('[start]  The database is there again.');
    assert.equal(await murmur.answer(), 'one');
    murmur.signal('SIGINT');
    assert.equal(await murmur.exits(), 0);
    await murmur.leavesNothing();
  });

  test('starts nothing when a port is taken, and says how to go on', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    try {
      await murmur.start({ apiPort: port });
      assert.equal(await murmur.exits(), 2);
      assert.match(murmur.output, new RegExp(`Port ${port} is taken, and the API needs it`));
      if (process.platform === 'linux')
        assert.match(murmur.output, new RegExp(`It is held by process ${process.pid}: .*node`));
      assert.match(murmur.output, new RegExp(`--api-port ${port + 10}`));
      assert.doesNotMatch(murmur.output, /\[(api|worker|start)\]/);
      await murmur.leavesNothing();
    } finally {
      other.close();
    }
  });

  test('puts the API far away at its own address, with a wrong clock', async () => {
    await murmur.start({ networkDelayMs: 60, clockSkewSeconds: 3_600 });
    await murmur.prints("the API's is 3600 s ahead");
    assert.ok(Math.abs(Number(await murmur.answer('/clock')) - Date.now() - 3_600_000) < 60_000);
    await murmur.prints('60 ms away each way');
    await murmur.answer();
    const began = performance.now();
    await murmur.answer();
    assert.ok(performance.now() - began >= 110);
  });
});
