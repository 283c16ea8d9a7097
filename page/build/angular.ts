import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants, setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '@workshop/base';

/** A build of the page that runs. */
export interface RunningBuild {
  /** null: it was built; else what Angular says, or how it ended */
  trouble: Promise<string | null>;
  stop(): void;
}

/** 8 to 20 s on two cores; a busy machine takes many times that. */
const LIMIT_MS = 300_000;
const KEPT_OUTPUT = 8_000;

/**
 * Builds the page into a folder with Angular's own command, in a process of lower priority: whoever waits for a
 * grading meanwhile goes first.
 */
export function buildWithAngular(output: string): RunningBuild {
  const page = join(repositoryRoot, 'page');
  const require = createRequire(join(page, 'package.json'));
  const ng = join(dirname(require.resolve('@angular/cli/package.json')), 'bin', 'ng.js');
  const child = fork(ng, ['build', '--output-path', output, '--no-progress'], {
    cwd: page,
    execArgv: ['--import', pathToFileURL(join(import.meta.dirname, 'end-with-parent.ts')).href],
    env: { ...process.env, NO_COLOR: '1', NG_CLI_ANALYTICS: 'false' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  if (child.pid !== undefined) lowerPriority(child.pid);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said = (said + chunk).slice(-KEPT_OUTPUT);
    });
  }
  const trouble = new Promise<string | null>((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve(code === 0 ? null : said.trim() || `it ended with ${signal ?? code}`);
    });
  });
  return { trouble, stop: () => void child.kill('SIGKILL') };
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended, or the system does not let us: then it builds as everybody else.
  }
}
