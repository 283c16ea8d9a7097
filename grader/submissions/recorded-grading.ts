import type { Evidence } from '../evidence/index.ts';
import { driveTree, judgeEvidence } from '../grading/index.ts';
import type { ExerciseResult } from '../judge/index.ts';
import { type Tree, type TreeFiles, treeOfFiles } from '../tree/index.ts';
import type { Exercise } from '../workshop/index.ts';
import { hashDrivingSide, Recordings, recordingKey, withTree } from './recorded.ts';

export interface GradedTree {
  /** in the order of the exercises that were asked for */
  results: ExerciseResult[];
  evidences: Map<string, Evidence>;
  /** null: judged again from what an earlier drive recorded */
  drivenMs: number | null;
}

interface Driven {
  evidences: Map<string, Evidence>;
  drivenMs: number | null;
}

export interface RecordedGradingOptions {
  /** drive even what was recorded */
  driveAll: boolean;
  /** for every drive of this run */
  seed: number;
}

/**
 * Grades many trees. Each code is driven once, though several trees may share it, and its evidence is kept for the next
 * run: what was recorded is judged again without a drive, as long as code, scenario and driving side are the same.
 */
export class RecordedGrading {
  readonly #recordings: Recordings;
  readonly #options: RecordedGradingOptions;
  readonly #drivingSide = hashDrivingSide();
  readonly #known = new Map<string, Promise<Driven>>();

  /** @param name of the collection of recordings: `submissions` */
  constructor(name: string, options: RecordedGradingOptions) {
    this.#recordings = new Recordings(name);
    this.#options = options;
  }

  /** @throws WorldError for the grader's own trouble */
  async grade(files: TreeFiles, label: string, exercises: readonly Exercise[]): Promise<GradedTree> {
    const key = await recordingKey(files, exercises, await this.#drivingSide);
    const tree = await treeOfFiles(files, label);
    const driven = await this.#driven(key, tree, exercises);
    const evidences = new Map<string, Evidence>();
    for (const [id, one] of driven.evidences) evidences.set(id, await withTree(one, tree));
    const paths = new Map(exercises.map(({ id }) => [id, this.#recordings.path(key, id)]));
    return { results: await judgeInTurn(evidences, paths), evidences, drivenMs: driven.drivenMs };
  }

  /** Removes the recordings that this run did not use. */
  async prune(): Promise<void> {
    await this.#recordings.prune(new Set(this.#known.keys()));
  }

  async #driven(key: string, tree: Tree, exercises: readonly Exercise[]): Promise<Driven> {
    const known = this.#known.get(key);
    if (known) return { ...(await known), drivenMs: null };
    const driving = this.#recordedOrDriven(key, tree, exercises);
    this.#known.set(key, driving);
    return driving;
  }

  async #recordedOrDriven(key: string, tree: Tree, exercises: readonly Exercise[]): Promise<Driven> {
    const recorded = this.#options.driveAll ? null : await this.#recordings.read(key, exercises);
    if (recorded) return { evidences: recorded, drivenMs: null };
    const began = performance.now();
    const { evidences } = await driveTree(tree, exercises, this.#options.seed);
    const drivenMs = performance.now() - began;
    await this.#recordings.write(key, evidences);
    return { evidences, drivenMs };
  }
}

let judging: Promise<unknown> = Promise.resolve();

/** Jest keeps global state, so one judgement runs at a time while other systems are driven. */
function judgeInTurn(...order: Parameters<typeof judgeEvidence>): Promise<ExerciseResult[]> {
  const mine = judging.then(() => judgeEvidence(...order));
  judging = mine.catch(() => {});
  return mine;
}

/** Works off a list, several at once, and returns the outcomes in the list's order. */
export async function severalAtOnce<Item, Done>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Done>,
): Promise<Done[]> {
  const outcomes: Done[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++;
      outcomes[at] = await work(items[at] as Item);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, atOnce) }, lane));
  return outcomes;
}
