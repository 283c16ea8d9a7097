import { join } from 'node:path';
import { WorkshopError } from '@workshop/base';
import { WarmDriver } from '../../drive/index.ts';
import { type LoadedChecks, loadChecks, warmUp } from '../../judge/index.ts';
import { reportedExercise } from '../../report/index.ts';
import {
  hashTree,
  listFolder,
  listTree,
  ownPlace,
  type Tree,
  treeAt,
  workingTree,
} from '../../tree/index.ts';
import { type Exercise, loadManifest } from '../../workshop/index.ts';
import { stopPageBuilder, stopSharedServer } from '../../world/index.ts';
import { exerciseResult, keepEvidence, scenarioOf } from '../grading.ts';
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
  /** the newest order whose files may still change, and how to say that they do not any more */
  #unsettled: { order: number; settle: () => void } | null = null;
  /** over when checks can be loaded: Jest cannot run twice at once in a process */
  #judging: Promise<unknown> = Promise.resolve();

  constructor(tell: (news: GradingNews) => void) {
    this.#tell = tell;
  }

  /** Loads what the first grading of an exercise would wait for: the checks, and for the page its builder and a browser. */
  warmUp({ exercise, root }: WarmUpOrder): void {
    this.#running = this.#running.then(async () => {
      try {
        const found = await exerciseOf(exercise);
        this.#judging = warmUp([exercise]);
        await this.#judging;
        const { options } = await scenarioOf(found);
        this.#driver.prepareSystem();
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
    const settled = Promise.withResolvers<void>();
    this.#unsettled = { order: order.order, settle: settled.resolve };
    dropped.signal.addEventListener('abort', () => settled.resolve());
    this.#running = this.#running.then(() => this.#grade(order, dropped.signal, settled.promise));
  }

  /** The files of that order stand still. */
  settled(order: number): void {
    if (this.#unsettled?.order === order) this.#unsettled.settle();
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

  async #grade(order: GradeOrder, signal: AbortSignal, settled: Promise<void>): Promise<void> {
    try {
      const graded =
        (order.settled ? null : await this.#attemptEarly(order, signal, settled)) ??
        (await this.#attempt(order, signal));
      this.#tell(
        graded
          ? { kind: 'graded', order: order.order, memoryBytes: process.memoryUsage.rss(), ...graded }
          : { kind: 'dropped', order: order.order },
      );
      if (graded) this.#driver.prepareSystem();
    } catch (error) {
      const message = error instanceof WorkshopError ? error.text : String((error as Error).stack ?? error);
      this.#tell({ kind: 'failed', order: order.order, message });
    }
  }

  /**
   * Starts the files as they are now, while more of them may be written. Once they stand still they are compared with
   * what was started, and only if they are the same is it driven and judged.
   * @returns null when they are others, or what was there could not be graded
   */
  async #attemptEarly(
    order: GradeOrder,
    signal: AbortSignal,
    settled: Promise<void>,
  ): Promise<Graded | null> {
    const changed = new AbortController();
    const confirm = async ({ hash }: Tree): Promise<void> => {
      await settled;
      const now = await listTree(order.root)
        .then(hashTree)
        .catch(() => null);
      if (now !== hash) changed.abort();
    };
    try {
      return await this.#attempt(order, AbortSignal.any([signal, changed.signal]), confirm);
    } catch {
      // A file that was being written, or moved away. What is still wrong later comes up again then.
      await settled;
      return null;
    }
  }

  /** @param confirm resolves when what was copied stands still; the signal is aborted before, if it does not */
  async #attempt(
    { order, exercise: id, seed, root }: GradeOrder,
    signal: AbortSignal,
    confirm?: (tree: Tree) => Promise<void>,
  ): Promise<Graded | null> {
    const onProgress = (text: string): void => {
      if (!signal.aborted) this.#tell({ kind: 'step', order, ...stepOf(text) });
    };
    if (signal.aborted) return null;
    onProgress('copying');
    // Another API than the one that runs will be started: that one ends meanwhile.
    const leaving = backendOf(root)
      .then((backend) => this.#driver.keepOnly(backend))
      .catch(() => {}); // a file that cannot be read: the copying says so
    const [exercise, tree] = await Promise.all([exerciseOf(id), treeOf(root)]);
    const [scenario, backend] = await Promise.all([scenarioOf(exercise), backendOf(tree.path)]);
    const confirmed = confirm?.(tree);
    await leaving;
    // A page that is half written does not build, and after that Angular's builder would have to start anew.
    if (scenario.options.page) await confirmed;
    if (signal.aborted) return null;
    let checks: Promise<LoadedChecks> | undefined;
    try {
      const evidence = await this.#driver.drive({
        tree: { ...tree, backend },
        id,
        scenario,
        seed,
        signal,
        ...(confirmed && { confirmed }),
        onProgress,
        // Loading overlaps with the start of the learner's API.
        onLaunched: () => {
          checks = this.#loadChecks(id);
        },
      });
      if (!evidence || signal.aborted) return null;
      onProgress('judging');
      const [judgement, path] = await Promise.all([
        (checks ?? this.#loadChecks(id)).then((loaded) => loaded.judge(evidence)),
        keepEvidence(evidence),
      ]);
      if (signal.aborted) return null;
      const result = exerciseResult(judgement, evidence.driveMs, path);
      return { result, report: reportedExercise(result, evidence), tree: tree.hash, seed };
    } finally {
      void checks?.then((loaded) => loaded.drop());
    }
  }

  #loadChecks(id: string): Promise<LoadedChecks> {
    const loading = this.#judging.catch(() => {}).then(() => loadChecks(id));
    this.#judging = loading.then(({ over }) => over);
    return loading;
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

/** Content hash of the app-backend in a folder: as long as it stays, its API need not start again. */
async function backendOf(root: string): Promise<string> {
  return hashTree(await listFolder(join(root, 'app-backend')));
}
