import { join } from 'node:path';
import { WorkshopError } from '@workshop/base';
import { WarmDriver } from '../../drive/index.ts';
import { warmUp } from '../../judge/index.ts';
import { reportedExercise } from '../../report/index.ts';
import { hashTree, listFolder, ownPlace, type Tree, treeAt, workingTree } from '../../tree/index.ts';
import { type Exercise, loadManifest } from '../../workshop/index.ts';
import { stopPageBuilder, stopSharedServer } from '../../world/index.ts';
import { judgeEvidence, keepEvidence, scenarioOf } from '../grading.ts';
import type { Graded, GradingNews, GradingOrder } from './messages.ts';
import { stepOf } from './steps.ts';

type GradeOrder = Extract<GradingOrder, { kind: 'grade' }>;
type WarmUpOrder = Extract<GradingOrder, { kind: 'warm-up' }>;

/** Grades a learner's working tree, again and again, one order after another. */
export class WarmGrading {
  readonly #tell: (news: GradingNews) => void;
  readonly #driver = new WarmDriver();
  #running: Promise<void> = Promise.resolve();
  #dropped = new AbortController();
  /** exercises whose checks are compiled already */
  readonly #warm = new Set<string>();

  constructor(tell: (news: GradingNews) => void) {
    this.#tell = tell;
  }

  /** Loads what the first grading of an exercise would wait for: the checks, and for the page its builder and a browser. */
  warmUp({ exercise, root }: WarmUpOrder): void {
    this.#running = this.#running.then(async () => {
      try {
        const found = await exerciseOf(exercise);
        await this.#loadChecks(exercise);
        const { options } = await scenarioOf(found);
        if (options.page) this.#driver.preparePage((await treeOf(root)).path);
      } catch {
        // Whatever is wrong comes up again in a grading, and is told there.
      }
      this.#tell({ kind: 'ready' });
    });
  }

  grade(order: GradeOrder): void {
    // Made now, so that a drop that comes before the order's turn is heard.
    const dropped = new AbortController();
    this.#dropped = dropped;
    this.#running = this.#running.then(() => this.#grade(order, dropped.signal));
  }

  /** The newest grading ends soon, without a verdict. */
  drop(): void {
    this.#dropped.abort();
  }

  async end(): Promise<void> {
    this.drop();
    stopPageBuilder();
    await this.#running;
    await this.#driver.rest();
    await stopSharedServer();
  }

  async #grade(order: GradeOrder, signal: AbortSignal): Promise<void> {
    try {
      const graded = await this.#attempt(order, signal);
      this.#tell(
        graded
          ? { kind: 'graded', order: order.order, memoryBytes: process.memoryUsage.rss(), ...graded }
          : { kind: 'dropped', order: order.order },
      );
    } catch (error) {
      const message = error instanceof WorkshopError ? error.text : String((error as Error).stack ?? error);
      this.#tell({ kind: 'failed', order: order.order, message });
    }
  }

  async #attempt(
    { order, exercise: id, seed, root }: GradeOrder,
    signal: AbortSignal,
  ): Promise<Graded | null> {
    const onProgress = (text: string): void => {
      if (!signal.aborted) this.#tell({ kind: 'step', order, ...stepOf(text) });
    };
    if (signal.aborted) return null;
    onProgress('copying');
    const [exercise, tree] = await Promise.all([exerciseOf(id), treeOf(root)]);
    const [scenario, backend] = await Promise.all([scenarioOf(exercise), backendOf(tree)]);
    if (signal.aborted) return null;
    const evidence = await this.#driver.drive({
      tree: { ...tree, backend },
      id,
      scenario,
      seed,
      signal,
      onProgress,
      // Loading overlaps with the start of the learner's API. Trouble comes up again when there is evidence to judge.
      onLaunched: () => void this.#loadChecks(id).catch(() => {}),
    });
    if (!evidence || signal.aborted) return null;
    onProgress('judging');
    const [[result], path] = await Promise.all([
      this.#loadChecks(id)
        .catch(() => {})
        .then(() => judgeEvidence(new Map([[id, evidence]]), new Map())),
      keepEvidence(evidence),
    ]);
    if (!result || signal.aborted) return null;
    const kept = { ...result, evidence: path };
    return { result: kept, report: reportedExercise(kept, evidence), tree: tree.hash, seed };
  }

  #loading: Promise<void> = Promise.resolve();

  /** One after the other: Jest cannot run twice at once in a process. */
  #loadChecks(id: string): Promise<void> {
    this.#loading = this.#loading
      .catch(() => {})
      .then(async () => {
        if (this.#warm.has(id)) return;
        await warmUp([id]);
        this.#warm.add(id);
      });
    return this.#loading;
  }
}

async function exerciseOf(id: string): Promise<Exercise> {
  const found = (await loadManifest()).find((one) => one.id === id);
  if (!found) throw new WorkshopError(`There is no exercise ${id} any more.`);
  return found;
}

function treeOf(root: string): Promise<Tree> {
  return root === ownPlace.root ? workingTree() : treeAt(root);
}

/** Content hash of a tree's app-backend: as long as it stays, its API need not start again. */
async function backendOf(tree: Tree): Promise<string> {
  return hashTree(await listFolder(join(tree.path, 'app-backend')));
}
