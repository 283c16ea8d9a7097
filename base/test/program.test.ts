import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT_CODES, type ExitCode, WorkshopError } from '../index.ts';
import { createProgram, numberBetween, runProgram } from '../program.ts';

/** Runs a program of one command, which does what it is told to. */
async function run(action: () => Promise<void> | void, ...words: string[]) {
  const said = { out: '', err: '' };
  const say = { out: (text: string) => (said.out += text), err: (text: string) => (said.err += text) };
  const program = createProgram(say as never);
  program
    .command('count')
    .option('--up-to <number>', 'the last one', numberBetween(0, 9, 'sheep'))
    .action(action);
  const exitCode: ExitCode = await runProgram(program, ['count', ...words], say as never);
  return { exitCode, ...said };
}

const failing = (error: unknown) => () => {
  throw error;
};

test('a command that comes to its end is well', async () => {
  assert.deepEqual(await run(() => {}), { exitCode: 0, out: '', err: '' });
});

test('an error is said with what to do, and has its own exit code', async () => {
  const error = new WorkshopError('The sheep are gone.', {
    exitCode: EXIT_CODES.failed,
    whatToDo: 'Look outside.',
  });
  assert.deepEqual(await run(failing(error)), {
    exitCode: 1,
    out: '',
    err: 'The sheep are gone.\nLook outside.',
  });
});

test('a long line is broken between words, one that is to be copied stays whole', async () => {
  const command = `  npm run ${'sheep '.repeat(20)}`.trimEnd();
  const { err } = await run(failing(new WorkshopError(`${'A sheep. '.repeat(12).trim()}\n${command}`)));
  const [first = '', second, third] = err.split('\n');
  assert.ok(first.length <= 80 && first.endsWith('A sheep.') && second?.startsWith('A sheep.'), err);
  assert.equal(third, command);
});

test('a bug is our trouble and not the fault of who types', async () => {
  const { exitCode, err } = await run(failing(new TypeError('sheep is undefined')));
  assert.equal(exitCode, 3);
  assert.match(err, /^The workshop itself had trouble\. This is not your fault[\s\S]*\nsheep is undefined$/);
});

test('a port that is taken and a package that is missing are said in our words', async () => {
  const taken = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE', port: 4318 });
  assert.match((await run(failing(taken))).err, /^Port 4318 is taken by another program\.\n/);
  const missing = Object.assign(new Error("Cannot find package 'ora' imported from x"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  assert.match((await run(failing(missing))).err, /Cannot find package 'ora'[\s\S]*\nRun npm ci\.$/);
});

test('wrong words end with 2, help with 0', async () => {
  const { exitCode, err } = await run(() => {}, '--up-to', 'many');
  assert.equal(exitCode, 2);
  assert.match(err, /'many' is invalid\. It is 0 to 9 sheep\./);
  assert.equal((await run(() => {}, '--down')).exitCode, 2);
  const help = await run(() => {}, '--help');
  assert.equal(help.exitCode, 0);
  assert.match(help.out, /^Usage: npm run count -- \[options\]/);
});
