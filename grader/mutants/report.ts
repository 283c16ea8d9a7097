import { plainTable } from '@workshop/base/tables';
import type { MutantRun } from './run-mutants.ts';
import type { Fate, MutantOutcome } from './verdict.ts';

/** Numbers of mutants by what became of them. */
export type Counts = Record<Fate, number>;

const FATES: Fate[] = ['killed', 'survived', 'equivalent', 'stale', 'unexplained', 'unbuilt', 'error'];

export function countsOf(outcomes: readonly MutantOutcome[]): Counts {
  return Object.fromEntries(
    FATES.map((fate) => [fate, outcomes.filter((outcome) => outcome.fate === fate).length]),
  ) as Counts;
}

/**
 * The share of the wrong mutants that were refused for a reason, 0 to 1. Mutants marked as right and those that did not
 * build are no part of it. 1 when there is none.
 */
export function scoreOf({ killed, survived, unexplained, error }: Counts): number {
  const wrong = killed + survived + unexplained + error;
  return wrong === 0 ? 1 : killed / wrong;
}

/** What somebody has to look at: the fault or the check is to be mended, or the mutant to be marked. */
export const isOpen = ({ fate }: MutantOutcome): boolean =>
  fate === 'survived' || fate === 'unexplained' || fate === 'error' || fate === 'stale';

const byExercise = (outcomes: readonly MutantOutcome[]) =>
  [...Map.groupBy(outcomes, ({ mutant }) => mutant.exercise)].map(([exercise, own]) => ({
    exercise,
    counts: countsOf(own),
    score: scoreOf(countsOf(own)),
  }));

const percent = (score: number): string => `${(score * 100).toFixed(1)} %`;

/** Open mutants with their diffs, then a table; the last line is "N passed, N failed". */
export function mutantLines({ outcomes, skipped }: MutantRun): string[] {
  const open = outcomes.filter(isOpen);
  const all = countsOf(outcomes);
  const rows = [...byExercise(outcomes), { exercise: 'all', counts: all, score: scoreOf(all) }].map(
    ({ exercise, counts, score }) => [exercise, ...FATES.map((fate) => String(counts[fate])), percent(score)],
  );
  return [
    ...open.flatMap(({ mutant, fate, text, saw }) => [
      `${fate}: ${mutant.id}`,
      `  ${mutant.what}.`,
      ...(fate === 'survived' ? [] : [`  ${text}${saw ? `: ${saw}` : ''}`]),
      ...mutant.diff
        .trimEnd()
        .split('\n')
        .map((line) => `    ${line}`),
      '',
    ]),
    ...plainTable(['exercise', ...FATES, 'score'], rows, { right: [...FATES, 'score'] }).split('\n'),
    '',
    ...skippedLines(skipped),
    `${outcomes.length - open.length} passed, ${open.length} failed`,
  ];
}

function skippedLines(skipped: MutantRun['skipped']): string[] {
  const reasons = Map.groupBy(skipped, ({ why }) => why);
  return [...reasons].map(([why, ones]) => `${ones.length} more were left out: ${why}.`);
}

/** The same for programs. */
export function mutantsJson({ outcomes, skipped }: MutantRun, seed: number): string {
  const counts = countsOf(outcomes);
  const report = {
    seed,
    counts,
    score: scoreOf(counts),
    exercises: byExercise(outcomes),
    mutants: outcomes.map(({ mutant: { text: _text, ...mutant }, ...outcome }) => ({
      ...mutant,
      ...outcome,
    })),
    skipped,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
