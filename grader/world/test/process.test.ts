import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { after, test } from 'node:test';
import { isFree, until } from '@workshop/base';
import { reservePort } from '../ports.ts';
import { findProcess, isAlive, ownIdentity, processTable } from '../process/process-table.ts';
import { endLeftProcesses, RunRecord } from '../process/run-record.ts';
import { makePassable, othersCanReach } from '../server-directory.ts';
import { temporaryFolder } from './trees.ts';

const dead = { pid: ownIdentity().pid, startTime: 'at another time' };

function sleeper(): ChildProcess & { pid: number } {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  after(() => child.kill('SIGKILL'));
  return child as ChildProcess & { pid: number };
}

test('a process is known by pid and start time', async () => {
  assert.ok(isAlive(ownIdentity()));
  assert.equal(isAlive(dead), false);
  const mine = (await processTable()).find((entry) => entry.pid === process.pid);
  assert.equal(mine?.startTime, ownIdentity().startTime);
  assert.equal(mine?.parentPid, process.ppid);
  assert.ok((mine?.memoryBytes ?? 0) > 10_000_000);
  const child = sleeper();
  const identity = { pid: child.pid, startTime: findProcess(child.pid)?.startTime ?? '' };
  assert.ok(isAlive(identity));
  child.kill('SIGKILL');
  assert.ok(await until(() => !isAlive(identity)));
});

test('a reserved port is free, and nobody else gets it', async () => {
  const reserved = await Promise.all(Array.from({ length: 10 }, () => reservePort()));
  assert.equal(new Set(reserved.map(({ port }) => port)).size, 10);
  const port = reserved[0]?.port ?? 0;
  assert.ok(port >= 20_000 && port < 32_768);
  assert.equal(await isFree(port), true);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  assert.equal(await isFree(port), false);
  // Given back, but somebody listens there: the next one is taken.
  reserved[0]?.release();
  const proposals = [port, reserved[1]?.port ?? 0, port + 1];
  const next = await reservePort(() => proposals.shift() ?? 20_000 + Math.floor(Math.random() * 10_000));
  assert.ok(![port, reserved[1]?.port].includes(next.port));
  next.release();
  server.close();
  for (const { release } of reserved) release();
});

test('what a killed grader left is ended by the next one: by pid and start time', async () => {
  const directory = temporaryFolder();
  const [left, stranger, ofLivingGrader] = [sleeper(), sleeper(), sleeper()];
  const identity = ({ pid }: { pid: number }) => ({ pid, startTime: findProcess(pid)?.startTime ?? '' });
  const file = (name: string, content: object) =>
    writeFileSync(path.join(directory, name), JSON.stringify(content));
  file('1.json', {
    owner: dead,
    processes: [identity(left), { pid: stranger.pid, startTime: 'at another time' }],
  });
  file('2.json', { owner: ownIdentity(), processes: [identity(ofLivingGrader)] });
  writeFileSync(path.join(directory, '3.json'), 'half a fi');

  assert.equal(endLeftProcesses(directory), 1);
  assert.ok(await until(() => findProcess(left.pid) === null));
  assert.ok(findProcess(stranger.pid));
  assert.ok(findProcess(ofLivingGrader.pid));
  assert.equal(existsSync(path.join(directory, '1.json')), false);
  assert.equal(existsSync(path.join(directory, '2.json')), true);
});

test('the run record lists what runs, and goes when nothing does', () => {
  const directory = temporaryFolder();
  const record = new RunRecord(directory);
  const forget = record.include(() => [ownIdentity()]);
  assert.deepEqual(readdirSync(directory), [`${process.pid}.json`]);
  forget();
  assert.deepEqual(readdirSync(directory), []);
});

test('a closed folder on the way keeps other users out', { skip: process.platform === 'win32' }, () => {
  const folder = temporaryFolder();
  const closed = path.join(folder, 'home');
  mkdirSync(path.join(closed, 'inner'), { recursive: true, mode: 0o700 });
  assert.equal(othersCanReach(path.join(closed, 'inner')), false);
  makePassable(folder);
  makePassable(closed);
  makePassable(path.join(closed, 'inner'));
  assert.equal(othersCanReach(path.join(closed, 'inner')), true);
});
