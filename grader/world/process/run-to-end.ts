import { spawn } from 'node:child_process';
import { shellCommand } from '../script.ts';
import { endWithThisProcess } from './watchdog.ts';

export interface RunResult {
  /** null: ended by a signal, or not started. */
  code: number | null;
  /** The last 16 KiB of both streams. */
  output: string;
}

/** Runs one of our own scripts through the shell until it ends; for the seed. */
export function runToEnd(
  script: string,
  options: { cwd: string; env: NodeJS.ProcessEnv; timeoutMs: number },
): Promise<RunResult> {
  const { command, args, verbatim } = shellCommand(script);
  const group = process.platform !== 'win32';
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: group,
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk).slice(-16_384);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const forget = child.pid && group ? endWithThisProcess(-child.pid, 'KILL') : () => {};
    const timer = setTimeout(() => {
      output += `\nended after ${options.timeoutMs / 1000} seconds`;
      if (group && child.pid) process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    }, options.timeoutMs);
    const end = (code: number | null) => {
      clearTimeout(timer);
      forget();
      resolve({ code, output });
    };
    child.once('error', (error) => {
      output += error.message;
      end(null);
    });
    child.once('close', end);
  });
}
