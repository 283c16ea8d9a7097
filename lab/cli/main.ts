#!/usr/bin/env node
import { runLabProgram } from './program.ts';

process.exitCode = await runLabProgram(process.argv.slice(2), {
  // npm runs a script in the folder of package.json: the clone's root.
  root: process.cwd(),
  env: process.env,
  out: (line) => console.log(line),
  err: (line) => console.error(line),
});
