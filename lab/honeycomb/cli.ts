import path from 'node:path';
import { runProgram } from './program.ts';

process.exitCode = await runProgram(process.argv.slice(2), {
  root: path.resolve(import.meta.dirname, '..', '..'),
  env: process.env,
  out: (line) => console.log(line),
  err: (line) => console.error(line),
});
