import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '@workshop/base';
import { hashTree, listFolder, listTree } from '../tree/index.ts';
import type { Exercise } from '../workshop/index.ts';
import { blocksOf } from './blocks.ts';
import { checkBlock, declaredChecks } from './declared-checks.ts';
import { termProblems } from './terms.ts';

/** Every file that an exercise's folder may hold; the starred ones it must hold when it is graded. */
const EXERCISE_FILES = {
  'README.md': 'must',
  'hints.md': 'must',
  'done.md': 'must',
  'scenario.ts': 'must',
  'checks.spec.ts': 'must',
  'honeycomb.json': 'may',
} as const;

/** What is wrong with the content, one sentence each. Empty: nothing. */
export async function contentProblems(exercises: readonly Exercise[]): Promise<string[]> {
  const problems: string[] = [];
  for (const exercise of exercises) problems.push(...(await exerciseProblems(exercise)));
  problems.push(...(await termProblems(exercises)));
  problems.push(...(await startProblems()));
  return problems;
}

async function exerciseProblems(exercise: Exercise): Promise<string[]> {
  const where = `exercises/${exercise.id}`;
  const names = await readdir(exercise.directory);
  const problems = names
    .filter((name) => !(name in EXERCISE_FILES))
    .map((name) => `${where}/${name} is a stray file`);
  if (!exercise.hasChecks) return problems;
  for (const [name, need] of Object.entries(EXERCISE_FILES)) {
    if (need === 'must' && !names.includes(name)) problems.push(`${where}/${name} is missing`);
  }
  if (problems.length > 0) return problems;
  const read = (name: string): Promise<string> => readFile(join(exercise.directory, name), 'utf8');

  const readme = await read('README.md');
  const done = blocksOf(readme).find((block) => block.kind === 'checks');
  const wanted = checkBlock(await declaredChecks(exercise));
  if (!done) problems.push(`${where}/README.md has no "text checks" block`);
  else if (done.content.trim() !== wanted)
    problems.push(`${where}/README.md: the lines of "Done when" are not the check titles`);
  if (blocksOf(readme).some((block) => block.content.trim() === ''))
    problems.push(`${where}/README.md has an empty block`);
  for (const heading of [
    '## Look first',
    '## What you need',
    '## Your task',
    '## Done when',
    '## Go further',
  ]) {
    if (!readme.includes(heading)) problems.push(`${where}/README.md has no section "${heading.slice(3)}"`);
  }
  const wide = readme.split('\n').find((line) => [...line].length > 92);
  if (wide) problems.push(`${where}/README.md has a line of more than 92 columns: ${wide.slice(0, 40)}`);

  problems.push(...hintProblems(where, await read('hints.md')));
  if ((await read('done.md')).trim() === '') problems.push(`${where}/done.md is empty`);
  return problems;
}

/** Three steps at least, none of them empty. */
function hintProblems(where: string, hints: string): string[] {
  const steps = hints.split(/^## /m).slice(1);
  const problems =
    steps.length < 3 ? [`${where}/hints.md has ${steps.length} hints, and three are wanted`] : [];
  steps.forEach((step, at) => {
    if (step.split('\n').slice(1).join('').trim() === '')
      problems.push(`${where}/hints.md: hint ${at + 1} is empty`);
  });
  return problems;
}

/** The pristine start is what every tree of the chain is built from, so it must be the apps as they are released. */
async function startProblems(): Promise<string[]> {
  const start = join(repositoryRoot, 'solutions/00-start');
  const released = await listTree(repositoryRoot);
  const pristine = await listTree(start);
  if ((await hashTree(released)) === (await hashTree(pristine))) return [];
  const problems: string[] = [];
  for (const path of new Set([...released.keys(), ...pristine.keys()])) {
    const here = released.get(path);
    const there = pristine.get(path);
    if (!here) problems.push(`solutions/00-start/${path} is not part of the apps`);
    else if (!there) problems.push(`${path} is missing in solutions/00-start`);
    else if (!(await readFile(here)).equals(await readFile(there)))
      problems.push(`${path} differs from solutions/00-start/${path}`);
  }
  return problems;
}

/** Files of a solution that are the same as what the chain has there already: they change nothing. */
export async function uselessFiles(solution: string, before: ReadonlyMap<string, string>): Promise<string[]> {
  const useless: string[] = [];
  for (const [path, source] of await listFolder(join(repositoryRoot, 'solutions', solution))) {
    const earlier = before.get(path);
    if (earlier && (await readFile(earlier)).equals(await readFile(source))) useless.push(path);
  }
  return useless;
}
