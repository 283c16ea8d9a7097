import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { until } from '@workshop/base';
import { chainFiles } from '../../tree/index.ts';

const PATIENCE_MS = 120_000;
/** util-linux has a program that gives another one a terminal of its own. */
const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

describe('npm run watch', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'watch-'));
  let child: ChildProcess;
  let output = '';
  const prints = async (text: RegExp): Promise<void> => {
    const found = () => text.test(output);
    assert.ok(await until(found, { maxMs: PATIENCE_MS }), `it did not print ${text}, but:\n${output}`);
  };
  const run = (command: string, args: string[]): void => {
    output = '';
    const { NO_COLOR: _, ...env } = process.env;
    child = spawn(command, args, { stdio: 'pipe', env: { ...env, TERM: 'xterm' } });
    const keep = (chunk: Buffer) => {
      output += stripVTControlCharacters(String(chunk));
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
  };
  const program = [
    path.join(import.meta.dirname, 'watch-fixture.ts'),
    JSON.stringify({ root, workshop: path.join(root, '.workshop') }),
  ];
  const exits = async (): Promise<number | null> => {
    assert.ok(
      await until(() => child.exitCode !== null || child.signalCode !== null, { maxMs: PATIENCE_MS }),
      output,
    );
    return child.exitCode;
  };

  before(async () => {
    for (const [file, source] of await chainFiles(0)) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      copyFileSync(source, path.join(root, file));
    }
  });
  after(() => {
    child.kill('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  });

  test('grades at once and after a save, says what changed, and ends with 0', async () => {
    run(process.execPath, program);
    await prints(
      /01-first-trace +next +0 of \d checks[\s\S]*Waiting for your next save\. Ctrl-C ends this\./,
    );
    output = '';
    appendFileSync(path.join(root, 'app-backend', 'src', 'main.ts'), '\n// saved\n');
    await prints(/\.\.\. app-backend[/\\]src[/\\]main\.ts saved/);
    await prints(/Since the last verdict: nothing changed\.[\s\S]*Waiting for your next save/);
    child.kill('SIGINT');
    if (process.platform !== 'win32') assert.equal(await exits(), 0);
  });

  test('takes keys on a terminal: the list, the next one, quit', {
    skip: !hasScript && 'no program "script"',
  }, async () => {
    const quoted = [process.execPath, ...program].map((word) => `'${word}'`).join(' ');
    run('script', ['--quiet', '--flush', '--return', '--command', quoted, '/dev/null']);
    await prints(/h hint, l list, c compare, n next, g grade now, q quit\./);
    child.stdin?.write('l');
    await prints(/now +01 · Your first trace[\s\S]*later +02 · Who waits\?, after 01/);
    child.stdin?.write('n');
    await prints(/01-first-trace is not passed yet\. To leave it out: npm run skip -- 1/);
    child.stdin?.write('q');
    assert.equal(await exits(), 0);
  });
});
