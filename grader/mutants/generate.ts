import { basename } from 'node:path';
import { createPatch, readFrom } from '../submissions/index.ts';
import { chainFiles, type TreeFiles } from '../tree/index.ts';
import type { Exercise } from '../workshop/index.ts';
import { changedRanges, isIn } from './changed.ts';
import { compiled } from './compiled.ts';
import { edited, type Mutation } from './operator.ts';
import { operatorsFor } from './operators/index.ts';
import { parse } from './syntax.ts';

/** The chain up to an exercise's solution, with one small fault. */
export interface Mutant {
  /**
   * `03/ranking.service.ts/drop-call/1`: exercise, file, operator, and the place, counted from the file's beginning.
   * Where a solution changes two files of one name, their app stands before it: `12/app-backend/ui-variant.ts/...`.
   */
  id: string;
  exercise: string;
  operator: string;
  /** path in the tree */
  path: string;
  what: string;
  /** the file's new text */
  text: string;
  /** against the solution */
  diff: string;
}

/** A mutant that cannot be told from another, or cannot run. */
export interface Skipped {
  id: string;
  what: string;
  why: 'does not compile' | 'compiles to the same' | 'same as another mutant';
}

export interface Generated {
  mutants: Mutant[];
  skipped: Skipped[];
  /** the solution that they were made of */
  solution: TreeFiles;
}

/** All mutants of an exercise's solution: only of what it changes in the chain before it. */
export async function mutantsOf(exercise: Exercise): Promise<Generated> {
  const number = Number(exercise.number);
  const before = await chainFiles(number - 1);
  const solution = await chainFiles(number);
  const generated: Generated = { mutants: [], skipped: [], solution };
  const changed = [...solution.keys()].sort().filter((path) => solution.get(path) !== before.get(path));
  for (const path of changed) {
    const after = (await readFrom(solution)(path)) as string;
    const earlier = await readFrom(before)(path);
    const faults = mutationsOf(path, after, earlier);
    for (const { operator, nth, mutation } of faults) {
      const id = `${exercise.number}/${shortName(path, changed)}/${operator}/${nth}`;
      await add(
        generated,
        { id, exercise: exercise.id, operator, path, what: mutation.what },
        edited(after, mutation.edits),
        after,
      );
    }
  }
  return generated;
}

/** The name of a file, with its app where another of these files has the same. */
function shortName(path: string, paths: readonly string[]): string {
  const name = basename(path);
  const alone = paths.filter((other) => basename(other) === name).length === 1;
  return alone ? name : `${path.split('/')[0]}/${name}`;
}

interface Place {
  operator: string;
  /** counted in the whole file, so that it does not depend on what came before the solution */
  nth: number;
  mutation: Mutation;
}

/** The mutations of one file, of those places that are not in its earlier text. */
export function mutationsOf(path: string, after: string, earlier: string | null): Place[] {
  const source = parse(path, after);
  // The line of an answer also changes when it gets a comma; the operators know which one is new.
  const everywhere = earlier === null || path === 'answers.json';
  const ranges = everywhere ? [{ start: 0, end: after.length }] : changedRanges(earlier, after);
  return operatorsFor(path).flatMap(({ name, find }) =>
    find(source)
      .map((mutation, at) => ({ operator: name, nth: at + 1, mutation }))
      .filter(({ mutation }) => isIn(ranges, mutation.at)),
  );
}

async function add(
  { mutants, skipped }: Generated,
  about: Omit<Mutant, 'text' | 'diff'>,
  text: string,
  original: string,
): Promise<void> {
  const why = whySkipped(about, text, original, mutants);
  if (why) {
    skipped.push({ id: about.id, what: about.what, why });
    return;
  }
  const diff = await createPatch(new Map([[about.path, text]]), async () => original);
  mutants.push({ ...about, text, diff });
}

function whySkipped(
  { path, operator }: Pick<Mutant, 'path' | 'operator'>,
  text: string,
  original: string,
  others: readonly Mutant[],
): Skipped['why'] | null {
  const code = compiled(path, text);
  // A learner's broken file is a fault of its own, and it has a reason.
  if (code === null) return operator === 'broken-answers' ? null : 'does not compile';
  if (code === compiled(path, original)) return 'compiles to the same';
  const same = others.some((other) => other.path === path && compiled(path, other.text) === code);
  return same ? 'same as another mutant' : null;
}
