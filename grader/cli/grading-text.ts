import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evidence } from '../evidence/index.ts';
import type { ExerciseResult } from '../judge/index.ts';
import {
  exerciseLines,
  isUntouched,
  markdownLines,
  paint,
  type Screen,
  untouchedLines,
} from '../report/index.ts';
import type { Exercise } from '../workshop/index.ts';

interface Grading {
  results: ExerciseResult[];
  evidences: ReadonlyMap<string, Evidence>;
  exercises: readonly Exercise[];
  screen: Screen;
  /** the learner's own tree: then the text leads on to the next step */
  ownRun: boolean;
  reopened: readonly string[];
  seed: number;
}

/** Prints a grading: what passed in a line each, and the first exercise that did not in full. */
export async function printGrading(grading: Grading): Promise<void> {
  const { results, evidences, exercises, screen, ownRun, reopened, seed } = grading;
  const { green, bold } = paint(screen);
  const first = results[0];
  const firstEvidence = first && evidences.get(first.id);
  if (ownRun && results.length === 1 && first && firstEvidence && isUntouched(first, firstEvidence)) {
    print(untouchedLines(first, firstEvidence, exercises, screen));
    return;
  }
  for (const id of reopened) print([`${id} passed before and does not pass now, so it is open again.`, '']);
  let expanded = false;
  for (const result of results) {
    const total = result.checks.length;
    if (result.verdict === 'pass') {
      print([`  ${result.id.padEnd(22)} ${green('passed')}  ${total} of ${total} checks`]);
    } else if (expanded) {
      const passed = result.checks.filter((check) => check.verdict === 'pass').length;
      const reason = result.checks.find((check) => check.failure)?.failure?.reason;
      print([
        `  ${result.id.padEnd(22)} ${result.verdict.padEnd(6)}  ${passed} of ${total} checks${reason ? `   ${reason}` : ''}`,
      ]);
    } else {
      print(['', ...exerciseLines(result, evidences.get(result.id) ?? null, screen), '']);
      expanded = true;
    }
  }
  if (results.some((result) => result.verdict !== 'pass')) {
    print([`  The same run again: add --seed ${seed}`]);
    return;
  }
  if (!ownRun) return;
  const last = exercises.find((exercise) => exercise.id === results.at(-1)?.id);
  if (last)
    print([
      '',
      bold(`${last.number} · ${last.title}: done.`),
      '',
      ...markdownLines(await doneText(last, results.at(-1)?.told ?? {}), screen),
    ]);
  const next = exercises.find((exercise) => exercise.hasChecks && last && exercise.number > last.number);
  if (next) print(['', `  Next: exercises/${next.id}/README.md, about ${next.minutes} minutes`]);
}

/** What was learnt, with the numbers of this learner's own run. */
async function doneText(exercise: Exercise, told: Record<string, string | number>): Promise<string> {
  const text = await readFile(join(exercise.directory, 'done.md'), 'utf8');
  return text.trimEnd().replace(/\{\{([\w-]+)\}\}/g, (_, name: string) => String(told[name] ?? '?'));
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
