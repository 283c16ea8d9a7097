import { labelled, paint, type Screen } from '@workshop/base/terminal';
import type { Evidence } from '../evidence/index.ts';
import type { ExerciseResult } from '../judge/index.ts';
import { type Exercise, type Progress, workedOn } from '../workshop/index.ts';
import { markdownLines } from './markdown.ts';
import { isUntouched, untouchedLines } from './start.ts';
import { exerciseLines } from './verdicts.ts';

export interface Grading {
  results: ExerciseResult[];
  evidences: ReadonlyMap<string, Evidence>;
  exercises: readonly Exercise[];
  screen: Screen;
  /** the learner's own tree: then the text leads on to the next step */
  ownRun: boolean;
  /** ids of exercises that passed before and do not now */
  reopened: readonly string[];
  /** ids of exercises that pass for the first time: nothing is celebrated twice */
  first: readonly string[];
  /** after this grading: what comes next */
  progress: Progress;
  seed: number;
  /** every failing check in full, not the first alone */
  every?: boolean;
  /** Markdown of what the last exercise taught (its done.md), shown when everything passed */
  done: string;
}

/** A grading: what passed in a line each, and the first exercise that did not in full. */
export function gradingLines(grading: Grading): string[] {
  const { results, evidences, exercises, screen, ownRun, reopened, seed } = grading;
  const { green } = paint(screen);
  const first = results[0];
  const firstEvidence = first && evidences.get(first.id);
  if (ownRun && results.length === 1 && first && firstEvidence && isUntouched(first, firstEvidence))
    return untouchedLines(first, firstEvidence, exercises, screen);
  const lines = reopened.flatMap((id) => [
    `${id} passed before and does not pass now, so it is open again.`,
    ...changesFor(id, grading),
    '',
  ]);
  const expanded = results.find((result) => result.verdict !== 'pass');
  for (const result of results) {
    const total = result.checks.length;
    if (result.verdict === 'pass')
      lines.push(`  ${result.id.padEnd(22)} ${green('passed')}  ${total} of ${total} checks`);
    else if (result === expanded)
      lines.push(
        '',
        ...exerciseLines(
          result,
          evidences.get(result.id) ?? null,
          screen,
          grading.every,
          brokenBy(result.id, grading)?.number,
        ),
        '',
      );
    else lines.push(shortLine(result));
  }
  if (expanded) return [...lines, `  The same run again: add --seed ${seed}`];
  return ownRun ? [...lines, ...doneLines(grading)] : lines;
}

/**
 * The exercise that the learner works on, whose changes broke one that had passed: its hints help, and those of the one
 * that passed are behind the learner.
 */
function brokenBy(id: string, { exercises, progress, ownRun }: Grading): Exercise | undefined {
  const now = ownRun && id in progress.reopened ? workedOn(exercises, progress) : undefined;
  return now && now.id > id ? now : undefined;
}

function changesFor(id: string, grading: Grading): string[] {
  const now = brokenBy(id, grading);
  return now ? [`You work on ${now.id}. What did you change for it?`] : [];
}

function shortLine({ id, verdict, checks }: ExerciseResult): string {
  const passed = checks.filter((check) => check.verdict === 'pass').length;
  const reason = checks.find((check) => check.failure)?.failure?.reason;
  return `  ${id.padEnd(22)} ${verdict.padEnd(6)}  ${passed} of ${checks.length} checks${reason ? `   ${reason}` : ''}`;
}

/** What was learnt, with the numbers of this learner's own run, and what comes next. */
function doneLines(grading: Grading): string[] {
  const { results, exercises, screen, done, first } = grading;
  const last = exercises.find((exercise) => exercise.id === results.at(-1)?.id);
  if (!last) return [];
  if (!first.includes(last.id)) return ['', 'All of this passes, as before.', ...nextLines(grading)];
  const told = results.at(-1)?.told ?? {};
  const text = done.trimEnd().replace(/\{\{([\w-]+)\}\}/g, (_, name: string) => String(told[name] ?? '?'));
  return [
    '',
    paint(screen).bold(`${last.number} · ${last.title}: done.`),
    '',
    ...markdownLines(text, screen),
    ...nextLines(grading),
  ];
}

function nextLines({ results, exercises, progress, screen }: Grading): string[] {
  const next = workedOn(exercises, progress);
  const part = exercises.find(
    ({ id, number, optional }) =>
      optional && number.slice(0, 2) === results.at(-1)?.id.slice(0, 2) && !(id in progress.done),
  );
  const also = part ? [`  Optional: exercises/${part.id}/README.md, about ${part.minutes} minutes`] : [];
  if (next) return ['', `  Next: exercises/${next.id}/README.md, about ${next.minutes} minutes`, ...also];
  const open = exercises.filter(({ id }) => id in progress.reopened || progress.skipped.includes(id));
  const left = open.map(({ number }) => number).join(', ');
  return [
    '',
    ...labelled('  ', 'That was the last exercise: Murmur tells you now what it does.', screen),
    ...(left
      ? labelled(
          '  ',
          `Left out, or open again: ${left}. To begin one: npm run goto -- ${left.slice(0, 2)}`,
          screen,
        )
      : []),
    ...labelled(
      '  ',
      'Each README ends with "Go further", and npm run grade -- --all looks at everything once more.',
      screen,
    ),
  ];
}
