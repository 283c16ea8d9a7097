/**
 * A process that grades one exercise after another and keeps everything warm in between: Jest with its compiled checks,
 * the database, the browser, the page's builder, and the learner's API while its files stay as they are. It is one of its
 * own since judging computes for a while, and the lab and the page must answer meanwhile.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { workshopDirectory } from '@workshop/base';
import type { GradingNews, GradingOrder } from './messages.ts';

enableCompileCache(join(workshopDirectory, 'compile-cache'));

function tell(news: GradingNews): void {
  process.send?.(news);
}

const { WarmGrading } = await import('./warm-grading.ts');
const grading = new WarmGrading((news) => tell(news));
process.on('disconnect', () => void grading.end().finally(() => process.exit()));
// Ctrl-C in a terminal reaches every process of it; who started this one says when to end.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('message', (order: GradingOrder) => {
  if (order.kind === 'grade') grading.grade(order);
  else if (order.kind === 'warm-up') grading.warmUp(order);
  else if (order.kind === 'settled') grading.settled(order.order);
  else if (order.kind === 'drop') grading.drop();
  else void grading.end().finally(() => process.exit());
});
