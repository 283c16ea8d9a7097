/** Drives one exercise in its solution, keeps the evidence, and ends. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { WorkshopError, workshopDirectory } from '@workshop/base';
import type { SolutionNews, SolutionOrder } from './solution-process.ts';

enableCompileCache(join(workshopDirectory, 'compile-cache'));
const tell = (news: SolutionNews): Promise<void> =>
  new Promise((resolve) => process.send?.(news, () => resolve()));
process.on('disconnect', () => process.exit());
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

const { exercise: id, reached, seed } = JSON.parse(process.argv[2] ?? '{}') as SolutionOrder;
try {
  const [{ driveTree }, { treeOfSolution }, { loadManifest }] = await Promise.all([
    import('./grading.ts'),
    import('./solution.ts'),
    import('../workshop/index.ts'),
  ]);
  const exercise = (await loadManifest()).find((one) => one.id === id);
  if (!exercise) throw new WorkshopError(`There is no exercise ${id} any more.`);
  const tree = await treeOfSolution(exercise, reached);
  await driveTree(tree, [exercise], seed, (text) => void tell({ kind: 'step', text }));
} catch (error) {
  const message = error instanceof WorkshopError ? error.text : String((error as Error).stack ?? error);
  await tell({ kind: 'failed', message });
}
process.exit();
