import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { after, test } from 'node:test';
import { until } from '@workshop/base';
import type { ProcessRecord } from '../../evidence/index.ts';
import { type SystemOptions, stopSharedServer } from '../index.ts';
import { findProcess } from '../process/process-table.ts';
import { makeTree, processesIn, startFixture } from './trees.ts';

after(stopSharedServer);

interface Outcome {
  record: ProcessRecord;
  apiUrl: string | null;
}

/** Starts the fixture, stops it, and proves that nothing of it runs any more. */
async function run(treeDir: string, limits: SystemOptions['limits'] = {}): Promise<Outcome> {
  const system = await startFixture(treeDir, { limits });
  const [record] = await system.stop();
  assert.ok(record);
  assert.deepEqual(processesIn(path.join(treeDir, 'app-backend')), [], 'processes are left');
  return { record, apiUrl: system.apiUrl };
}

test('a good server is ready, stopped by us, and leaves nothing', { timeout: 60_000 }, async () => {
  const { record, apiUrl } = await run(makeTree('good'));
  assert.equal(apiUrl, `http://127.0.0.1:${record.askedPort}`);
  assert.equal(record.ended, 'stopped');
  assert.equal(record.leftBehind, 0);
  assert.ok((record.readyAfterMs ?? 0) > 0);
  assert.deepEqual(record.listening, [{ port: record.askedPort, address: '127.0.0.1' }]);
  assert.equal(record.capture?.process, 'api');
  assert.equal(record.exit?.signal, 'SIGKILL');
});

test('a syntax error: exited with its output', { timeout: 60_000 }, async () => {
  const { record, apiUrl } = await run(makeTree('syntax-error'));
  assert.equal(apiUrl, null);
  assert.equal(record.ended, 'exited');
  assert.equal(record.exit?.code, 1);
  assert.match(record.output, /SyntaxError/);
  assert.equal(record.readyAfterMs, null);
});

test('throws at import: exited with its output', { timeout: 60_000 }, async () => {
  const { record } = await run(makeTree('throws-at-import'));
  assert.equal(record.ended, 'exited');
  assert.equal(record.exit?.code, 1);
  assert.match(record.output, /Cannot find module '\.\/no-such-file\.js'/);
});

test('exits with 0 at once: exited, and we do not wait for the limit', { timeout: 60_000 }, async () => {
  const { record } = await run(makeTree('exits-at-once'));
  assert.equal(record.ended, 'exited');
  assert.equal(record.exit?.code, 0);
  assert.ok((record.exit?.afterMs ?? Number.POSITIVE_INFINITY) < 15_000);
});

test('no start script at all: exited, and the output says so', { timeout: 60_000 }, async () => {
  const treeDir = makeTree('good', '');
  const { record } = await run(treeDir);
  assert.equal(record.ended, 'exited');
  assert.match(record.output, /has no start script/);
});

test('never listens: start-timeout', { timeout: 60_000 }, async () => {
  const { record, apiUrl } = await run(makeTree('never-listens'), { startMs: 1_500 });
  assert.equal(apiUrl, null);
  assert.equal(record.ended, 'start-timeout');
  assert.deepEqual(record.listening, []);
  assert.match(record.output, /waiting for nothing/);
});

test('a port that is taken: the failed listen is recorded', { timeout: 60_000 }, async () => {
  const { record } = await run(makeTree('listens-on-taken-port'));
  assert.equal(record.ended, 'stopped');
  assert.equal(record.readyAfterMs, null);
  assert.equal(record.listenErrors[0]?.code, 'EADDRINUSE');
});

test('a port of its own choice: the place where it listens is recorded', { timeout: 60_000 }, async () => {
  const { record, apiUrl } = await run(makeTree('listens-elsewhere'));
  assert.equal(apiUrl, null);
  assert.equal(record.ended, 'stopped');
  assert.equal(record.listening.length, 1);
  assert.notEqual(record.listening[0]?.port, record.askedPort);
});

test('an endless loop at boot: start-timeout', { timeout: 60_000 }, async () => {
  const { record } = await run(makeTree('loops-at-boot'), { startMs: 1_500 });
  assert.equal(record.ended, 'start-timeout');
  assert.equal(record.exit?.signal, 'SIGKILL');
});

test('ignores SIGTERM: ended all the same', { timeout: 60_000 }, async () => {
  const { record, apiUrl } = await run(makeTree('ignores-sigterm'));
  assert.notEqual(apiUrl, null);
  assert.equal(record.ended, 'stopped');
});

test('leaves a daemon behind: it is found, counted and ended', {
  timeout: 60_000,
  skip: notLinux(),
}, async () => {
  const { record } = await run(makeTree('leaves-daemon'));
  const daemon = Number(/DAEMON (\d+)/.exec(record.output)?.[1]);
  assert.ok(daemon > 0, record.output);
  assert.equal(findProcess(daemon), null);
  assert.equal(record.leftBehind, 1);
});

test('says hello as somebody else: neither strangers nor the grader are ended', {
  timeout: 60_000,
}, async () => {
  const sleeper = () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    after(() => child.kill('SIGKILL'));
    return child.pid ?? -1;
  };
  const older = sleeper();
  const system = await startFixture(makeTree('says-another-pid'));
  const pids = [older, sleeper(), process.pid];
  for (const pid of pids) await fetch(`${system.apiUrl}/${pid}`);
  assert.ok(await until(() => system.capture.processes().length === 1 + pids.length));
  await system.stop();
  assert.deepEqual(
    pids.filter((pid) => findProcess(pid) === null),
    [],
  );
});

test('a server in the background, its shell gone, is right; ended by us', {
  timeout: 60_000,
  skip: notPosix(),
}, async () => {
  const { record, apiUrl } = await run(makeTree('good', '(node good.js &)'));
  assert.notEqual(apiUrl, null);
  assert.equal(record.ended, 'stopped');
  assert.equal(record.exit?.code, 0);
  assert.equal(record.leftBehind, 1);
});

test('prints without end: output-limit, and the end is kept', { timeout: 60_000 }, async () => {
  const { record } = await run(makeTree('prints-without-end'), { outputBytes: 300_000 });
  assert.equal(record.ended, 'output-limit');
  assert.ok(record.outputBytes > 300_000);
  assert.ok(record.output.length <= 64 * 1024 && record.output.includes('noise'));
});

test('allocates without end: memory-limit', { timeout: 60_000 }, async () => {
  const { record } = await run(makeTree('allocates-without-end'), { memoryBytes: 250 * 1024 ** 2 });
  assert.equal(record.ended, 'memory-limit');
  assert.ok((record.peakMemoryBytes ?? 0) > 250 * 1024 ** 2);
});

test('forks a chain of detached processes: all are ended', { timeout: 60_000 }, async () => {
  const { record } = await run(makeTree('forks-without-end'));
  assert.equal(record.ended, 'stopped');
});

test('crashes after it was ready: exited, with its code', { timeout: 60_000 }, async () => {
  const treeDir = makeTree('crashes-later');
  const system = await startFixture(treeDir);
  await assert.rejects(fetch(`${system.apiUrl}/`));
  assert.ok(await until(async () => (await system.endsSince(0)).length > 0));
  const [end] = await system.endsSince(0);
  assert.deepEqual(
    [end?.process, end?.code, end?.signal, end?.scriptOver],
    ['api', 7, null, true],
    JSON.stringify(end),
  );
  assert.deepEqual(await system.endsSince(Date.now() + 1), []);
  const [record] = await system.stop();
  assert.equal(record?.ended, 'exited');
  assert.equal(record?.exit?.code, 7);
  assert.deepEqual(processesIn(treeDir), []);
});

test('one that its script starts again: each end is told, with its code or signal', {
  timeout: 60_000,
  skip: notPosix(),
}, async () => {
  const system = await startFixture(
    makeTree('crashes-later', 'while true; do node crashes-later.js; echo again; done'),
  );
  const endsOnce = async (count: number) => {
    await assert.rejects(fetch(`${system.apiUrl}/`));
    return until(async () => (await system.endsSince(0)).length === count);
  };
  assert.ok(await endsOnce(1));
  const [end] = await system.endsSince(0);
  assert.deepEqual([end?.code, end?.scriptOver], [7, false], JSON.stringify(end));
  const [pid] = system.capture.processes().map((connection) => connection.pid);
  assert.notEqual(pid, end?.pid);
  await system.stop();
});

test('without the capture: HTTP says that it is ready', { timeout: 60_000, skip: notPosix() }, async () => {
  const start = `env -i PORT=$PORT '${process.execPath}' good.js`;
  const { record, apiUrl } = await run(makeTree('good', start));
  assert.notEqual(apiUrl, null);
  assert.equal(record.capture, null);
  assert.ok(record.readyAfterMs);
});

function notLinux(): string | false {
  return process.platform === 'linux' ? false : 'daemons are found by their environment on Linux only';
}

function notPosix(): string | false {
  return process.platform === 'win32' ? 'a script for a POSIX shell' : false;
}
