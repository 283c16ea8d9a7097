import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { takeLock, tryLock } from '../index.ts';

function lockFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-lock-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'below', 'a.lock');
}

test('a lock is held once, also within one process, and can be taken when it is released', (t) => {
  const file = lockFile(t);
  const first = tryLock(file);
  assert.ok(first);
  assert.equal(tryLock(file), null);
  first.release();
  const second = tryLock(file);
  assert.ok(second);
  second.release();
});

test('another process holds it until it is killed', async (t) => {
  const file = lockFile(t);
  const owner = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { tryLock } from '@workshop/base'; globalThis.lock = tryLock(process.argv[1]);
       console.log(globalThis.lock ? 'mine' : 'no'); setInterval(() => {}, 1000);`,
      file,
    ],
    { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  t.after(() => owner.kill('SIGKILL'));
  const [said] = (await once(owner.stdout, 'data')) as [Buffer];
  assert.equal(said.toString().trim(), 'mine');
  assert.equal(await takeLock(file, 50), null);
  owner.kill('SIGKILL');
  await once(owner, 'close');
  const lock = await takeLock(file, 5000);
  assert.ok(lock);
  lock.release();
});
