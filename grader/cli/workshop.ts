import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Reading and compiling our own files takes longer than judging; kept, it takes half as long. The learner's processes
// are not touched by it.
enableCompileCache(join(import.meta.dirname, '../../.workshop/compile-cache'));

/** Runs one command of the workshop and returns its exit code. */
export async function runWorkshop(args: readonly string[]): Promise<number> {
  const [{ onConsole, runProgram }, { workshopProgram }] = await Promise.all([
    import('@workshop/base/program'),
    import('./program.ts'),
  ]);
  const program = await workshopProgram(args[0], onConsole);
  const exitCode = await runProgram(program, args.length > 0 ? args : ['--help'], onConsole);
  return exitCode === 0 ? Number(process.exitCode ?? 0) : exitCode;
}

if (import.meta.main) {
  // Whoever reads the first lines alone, as "| head" does, goes away: the rest is for nobody, and no trouble.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const exitCode = await runWorkshop(process.argv.slice(2));
  // On Windows a pipe is written later: what was said must be out first.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  // A driver of the database or the browser may keep a timer.
  process.exit(exitCode);
}
