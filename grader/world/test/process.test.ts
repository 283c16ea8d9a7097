import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { after, test } from 'node:test';
import { isFree, reservePort } from '../ports.ts';
import { tryLock } from '../process/owner-lock.ts';
import { findProcess, isAlive, ownIdentity, processTable } from '../process/process-table.ts';
import { endLeftProcesses, RunRecord } from '../process/run-record.ts';
import { makePassable, othersCanReach } from '../workshop-directory.ts';
import { temporaryFolder, until } from './trees.ts';

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

test('a lock has one owner; that of a dead owner is taken over', () => {
  const file = path.join(temporaryFolder(), 'lock');
  const lock = tryLock(file);
  assert.ok(lock);
  assert.equal(tryLock(file), null);
  lock.release();
  assert.equal(existsSync(file), false);

  writeFileSync(file, JSON.stringify(dead));
  const taken = tryLock(file);
  assert.ok(taken);
  assert.equal(tryLock(file), null);
  taken.release();
  assert.deepEqual(readdirSync(path.dirname(file)), []);
});

test('of many that want the lock of a dead owner, one gets it', async () => {
  const file = path.join(temporaryFolder(), 'lock');
  writeFileSync(file, JSON.stringify(dead));
  const script = `
    import { tryLock } from ${JSON.stringify(new URL('../process/owner-lock.ts', import.meta.url).href)};
    process.stdin.once('data', () => console.log(tryLock(process.argv[1]) ? 'MINE' : 'no')).resume();
    process.stdin.once('end', () => process.exit());
    console.log('up');
  `;
  const contenders = Array.from({ length: 4 }, () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, file]);
    const state = { child, output: '' };
    child.stdout.on('data', (chunk) => {
      state.output += chunk;
    });
    after(() => child.kill('SIGKILL'));
    return state;
  });
  assert.ok(await until(() => contenders.every(({ output }) => output.includes('up')), 30_000));
  for (const { child } of contenders) child.stdin.write('go\n');
  assert.ok(await until(() => contenders.every(({ output }) => /MINE|no/.test(output)), 30_000));
  assert.equal(contenders.filter(({ output }) => output.includes('MINE')).length, 1);
  for (const { child } of contenders) child.stdin.end();
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
