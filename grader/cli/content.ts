import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkBlock,
  contentProblems,
  declaredChecks,
  generateWaterfall,
  shapeOf,
  withBlocks,
} from '../content/index.ts';
import { type Exercise, loadManifest } from '../workshop/index.ts';

/** Says what is wrong with the exercises' texts. Returns 1 if anything is. */
export async function checkContent({ waterfalls }: { waterfalls?: boolean }): Promise<number> {
  const exercises = await loadManifest();
  const problems = await contentProblems(exercises);
  if (waterfalls) for (const exercise of exercises) problems.push(...(await oldWaterfalls(exercise)));
  for (const problem of problems) console.log(problem);
  console.log(problems.length === 0 ? 'The content is whole.' : `${problems.length} problems.`);
  return problems.length === 0 ? 0 : 1;
}

async function oldWaterfalls(exercise: Exercise): Promise<string[]> {
  const problems: string[] = [];
  const readme = await readFile(join(exercise.directory, 'README.md'), 'utf8');
  await withBlocks(readme, async (block) => {
    if (block.kind !== 'waterfall') return block.content;
    const now = await generateWaterfall(block.settings);
    if (shapeOf(now) !== shapeOf(block.content))
      problems.push(`exercises/${exercise.id}/README.md: a waterfall is not the chain's any more`);
    return block.content;
  });
  return problems;
}

/** Writes the generated parts of one exercise's README, or of all. */
export async function writeContent(number: number | undefined): Promise<void> {
  for (const exercise of await loadManifest()) {
    if (number !== undefined && number !== Number(exercise.number)) continue;
    const path = join(exercise.directory, 'README.md');
    const before = await readFile(path, 'utf8');
    const after = await withBlocks(before, async (block) =>
      block.kind === 'checks'
        ? checkBlock(await declaredChecks(exercise))
        : generateWaterfall(block.settings),
    );
    if (after !== before) await writeFile(path, after);
    console.log(`${exercise.id}: ${after === before ? 'as it was' : 'written'}`);
  }
}
