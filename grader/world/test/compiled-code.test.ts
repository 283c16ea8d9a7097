import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { type CaptureConnection, type CaptureState, startCaptureServer } from '../../capture/index.ts';
import { compiledCodeEnvironment, fillCompiledCode, keepCompiledCode } from '../index.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'compiled-code-'));
const program = path.join(directory, 'program.cjs');
const kept = path.join(directory, 'kept');
after(() => rmSync(directory, { recursive: true, force: true }));

/** A program that loads a package and listens. It is ended with SIGKILL, as the grader ends a learner's. */
async function run(use: (connection: CaptureConnection) => Promise<void> = async () => {}): Promise<string> {
  const capture = await startCaptureServer();
  const said = new Promise<CaptureConnection>((resolve) => capture.on('hello', resolve));
  const child = spawn(process.execPath, [program], {
    env: capture.environment('api', {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: kept,
      NODE_DEBUG_NATIVE: 'COMPILE_CACHE',
    }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.on('data', (chunk) => {
    told += chunk;
  });
  await use(await said);
  child.kill('SIGKILL');
  await once(child, 'close');
  await capture.close();
  return told;
}

test('what a program has compiled is kept once, and the next start finds it', {
  timeout: 60_000,
}, async () => {
  const loaded = createRequire(import.meta.url).resolve('pg');
  writeFileSync(
    program,
    `require(${JSON.stringify(loaded)}); require('node:http').createServer().listen(0);\n`,
  );
  const isFound = (told: string): boolean =>
    told.split('\n').some((line) => line.includes(loaded) && /was accepted/.test(line));

  assert.deepEqual(compiledCodeEnvironment(kept), {}, 'nothing fills it yet');
  assert.ok(!isFound(await run()));
  assert.ok(!isFound(await run((connection) => keepCompiledCode(connection, kept))), 'it was killed before');
  assert.ok(isFound(await run()));

  assert.ok(readdirSync(kept).some((name) => name.startsWith('installed-')));
  assert.deepEqual(compiledCodeEnvironment(kept), { NODE_COMPILE_CACHE: kept });
  const asked: string[] = [];
  const loads = async (name: string, sdkPackagesLoaded: string[]): Promise<void> => {
    const lastState = () => ({ sdkPackagesLoaded }) as unknown as CaptureState;
    await keepCompiledCode({ keepCode: async () => void asked.push(name), lastState }, kept);
  };
  await loads('the same', []);
  await loads('one package more', ['@opentelemetry/api@1.9.1']);
  await loads('that again', ['@opentelemetry/api@1.9.1']);
  assert.deepEqual(asked, ['one package more']);

  const another = path.join(directory, 'another');
  assert.deepEqual(compiledCodeEnvironment(another), {});
  fillCompiledCode();
  assert.deepEqual(compiledCodeEnvironment(another), { NODE_COMPILE_CACHE: another });
});
