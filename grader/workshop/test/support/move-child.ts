/**
 * Makes one move in a directory, and is killed there: node move-child.ts DIRECTORY MOVE [STEP:COUNT | #NUMBER]
 * `replace:3` kills it before the third step whose name begins so, `#17` before the 17th of all.
 */

import { goTo, reset, undo } from '../../index.ts';
import { exerciseOf, exercises, moveOptions } from './moving-place.ts';

const [directory = '', move = '', when = ''] = process.argv.slice(2);
let steps = 0;
const seen = new Map<string, number>();

function step(name: string): void {
  steps++;
  const word = name.split(' ')[0] as string;
  for (const key of new Set([word, name])) seen.set(key, (seen.get(key) ?? 0) + 1);
  const [wanted = '', count = '1'] = when.split(':');
  const now = when.startsWith('#') ? steps === Number(when.slice(1)) : seen.get(wanted) === Number(count);
  if (now) {
    process.kill(process.pid, 'SIGKILL');
    // The signal is on its way; nothing more may happen before it arrives.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000);
  }
}

const options = { ...moveOptions(directory), step };
process.stdout.write('begun\n');
const [kind, number = '1'] = move.split('-');
if (kind === 'goto') await goTo(exerciseOf(number), exercises, options);
else if (kind === 'reset') await reset(exerciseOf(number), exercises, options);
else await undo(options);
process.stdout.write(`${steps} steps\n`);
