import { constants } from 'node:os';
import { until } from '@workshop/base';
import type { LearnerProcess } from './learner-process.ts';

/** What became of a process that was asked to end. */
export interface StopOutcome {
  /** Unix epoch milliseconds */
  askedMs: number;
  /** null: it had not ended when the time was over */
  endedMs: number | null;
  /** null when a signal ended it, or when it is not known */
  code: number | null;
  signal: string | null;
}

/** Its script notices the end of the process in it at once. Milliseconds. */
const SCRIPT_END_MS = 500;

/**
 * Asks a script's server or worker to end, as a platform does with SIGTERM, and waits until it has ended. The shell around
 * it is left alone: it tells by which signal the process ended. On Windows, where no signal asks, the process is told over
 * the capture's connection; that was not tried.
 * @param patienceMs it is not waited for any longer
 */
export async function askToStop(learner: LearnerProcess, patienceMs: number): Promise<StopOutcome> {
  const connection = learner.connection();
  let over = false;
  void learner.over.then(() => {
    over = true;
  });
  const isGone = () => (connection === null ? over : !connection.live);
  const askedMs = Date.now();
  await ask(learner);
  await until(() => over || isGone(), { maxMs: patienceMs, everyMs: 5 });
  if (!over && !isGone()) return { askedMs, endedMs: null, code: null, signal: null };
  // The script notices a moment later, or the last words of the process are still on their way.
  await until(() => over && isGone(), { maxMs: SCRIPT_END_MS, everyMs: 5 });
  const { exit, startedAtMs } = over ? await learner.record() : { exit: null, startedAtMs: 0 };
  const endedMs = connection?.exit?.atMs ?? startedAtMs + (exit?.afterMs ?? 0);
  const told = connection?.exit?.code ?? null;
  // Without last words a signal has ended it, or nobody saw the process but its script.
  return { askedMs, endedMs, ...(told === null ? asScriptSays(exit) : { code: told, signal: null }) };
}

async function ask(learner: LearnerProcess): Promise<void> {
  const connection = learner.connection();
  if (process.platform === 'win32') {
    await connection?.terminate().catch(() => {});
    return;
  }
  const all = await learner.tree.look();
  const own = all.filter(({ pid }) => pid === connection?.pid);
  for (const { pid } of own.length > 0 ? own : all) {
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // Gone meanwhile.
    }
  }
}

/** A shell tells of a signal by a code above 128; a script that goes on tells nothing, and so it was the signal. */
function asScriptSays(
  exit: { code: number | null; signal: string | null } | null,
): Pick<StopOutcome, 'code' | 'signal'> {
  if (exit === null) return { code: null, signal: 'SIGTERM' };
  const { code, signal } = exit;
  // What ends itself with a signal has the exit code 1 on Windows.
  if (process.platform === 'win32' && code === 1) return { code: null, signal: 'SIGTERM' };
  const named = Object.entries(constants.signals).find(([, number]) => number + 128 === code)?.[0];
  return named ? { code: null, signal: named } : { code, signal };
}
