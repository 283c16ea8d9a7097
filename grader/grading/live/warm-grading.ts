import { WorkshopError } from '@workshop/base';
import { warmUp } from '../../judge/index.ts';
import { reportedExercise } from '../../report/index.ts';
import { ownPlace, treeAt, workingTree } from '../../tree/index.ts';
import { currentExercise, type Exercise, loadManifest, readProgress } from '../../workshop/index.ts';
import { stopPageBuilder, stopSharedServer } from '../../world/index.ts';
import { gradeTree } from '../grading.ts';
import type { GradingNews, GradingOrder } from './messages.ts';
import { stepOf } from './steps.ts';

type GradeOrder = Extract<GradingOrder, { kind: 'grade' }>;

/** Grades the learner's own working tree, again and again, one order after another. */
export class WarmGrading {
  readonly #tell: (news: GradingNews) => void;
  #running: Promise<void> = Promise.resolve();
  #dropped = new AbortController();

  constructor(tell: (news: GradingNews) => void) {
    this.#tell = tell;
  }

  /** Loads what the first grading would wait for. */
  async warmUp(): Promise<void> {
    const exercises = await loadManifest();
    const current = currentExercise(exercises, await readProgress());
    if (current) this.#running = warmUp([current.id]).catch(() => {});
    await this.#running;
  }

  grade(order: GradeOrder): void {
    this.#running = this.#running.then(() => this.#grade(order));
  }

  /** The grading that runs ends soon, without a verdict. */
  drop(): void {
    this.#dropped.abort();
  }

  async end(): Promise<void> {
    this.drop();
    stopPageBuilder();
    await this.#running;
    await stopSharedServer();
  }

  async #grade({ order, exercise: id, seed, root }: GradeOrder): Promise<void> {
    this.#dropped = new AbortController();
    const { signal } = this.#dropped;
    const onProgress = (text: string): void => this.#tell({ kind: 'step', order, ...stepOf(text) });
    try {
      onProgress('copying');
      const exercise = (await loadManifest()).find((one) => one.id === id) as Exercise;
      const tree = await (root === ownPlace.root ? workingTree() : treeAt(root));
      const { results, evidences } = await gradeTree(tree, [exercise], seed, onProgress);
      const [result] = results;
      if (signal.aborted || !result) return this.#tell({ kind: 'dropped', order });
      const report = reportedExercise(result, evidences.get(id) ?? null);
      this.#tell({ kind: 'graded', order, result, report, tree: tree.hash, seed });
    } catch (error) {
      if (signal.aborted) return this.#tell({ kind: 'dropped', order });
      const message = error instanceof WorkshopError ? error.text : String((error as Error).stack ?? error);
      this.#tell({ kind: 'failed', order, message });
    }
  }
}
