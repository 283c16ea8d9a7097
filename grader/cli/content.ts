import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import {
  checkBlock,
  contentProblems,
  declaredChecks,
  generateWaterfall,
  shapeOf,
  withBlocks,
} from '../content/index.ts';
import { loadManifest } from '../workshop/index.ts';

const program = new Command('npm run content --').description(
  'Checks and writes the generated parts of the exercises.',
);

program
  .command('check')
  .description(
    'titles, hints, files, the pristine start; with --waterfalls also the traces, which takes a minute',
  )
  .option('--waterfalls')
  .action(async (options: { waterfalls?: boolean }) => {
    const exercises = await loadManifest();
    const problems = await contentProblems(exercises);
    if (options.waterfalls) {
      for (const exercise of exercises) {
        const readme = await readFile(join(exercise.directory, 'README.md'), 'utf8');
        await withBlocks(readme, async (block) => {
          if (block.kind !== 'waterfall') return block.content;
          const now = await generateWaterfall(block.settings);
          if (shapeOf(now) !== shapeOf(block.content))
            problems.push(`exercises/${exercise.id}/README.md: a waterfall is not the chain's any more`);
          return block.content;
        });
      }
    }
    for (const problem of problems) console.log(problem);
    console.log(problems.length === 0 ? 'The content is whole.' : `${problems.length} problems.`);
    process.exit(problems.length === 0 ? 0 : 1);
  });

program
  .command('write [number]')
  .description('writes check lines and waterfalls into the READMEs, of one exercise or of all')
  .action(async (number: string | undefined) => {
    for (const exercise of await loadManifest()) {
      if (number !== undefined && Number(number) !== Number(exercise.number)) continue;
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
    process.exit(0);
  });

await program.parseAsync();
