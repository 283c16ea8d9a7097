import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot, workshopDirectory } from '@workshop/base';
import { type Evidence, readEvidence, writeEvidence } from '../evidence/index.ts';
import { runSavedQueries } from '../queries/index.ts';
import { hashTree, listFolder, type Tree, type TreeFiles } from '../tree/index.ts';
import type { Exercise } from '../workshop/index.ts';

/** Whatever can change what a drive sees. Judging is not among them: it is done anew every time. */
const DRIVING_SIDE = [
  'base',
  'grader/drive',
  'grader/world',
  'grader/capture',
  'grader/evidence',
  'telemetry',
];

/** SHA-256 over the source of the driving side, without its tests; hexadecimal. */
export async function hashDrivingSide(): Promise<string> {
  const files: TreeFiles = new Map();
  for (const room of DRIVING_SIDE) {
    for (const [path, source] of await listFolder(join(repositoryRoot, room))) {
      if (!/(?:^|\/)test\//.test(path)) files.set(`${room}/${path}`, source);
    }
  }
  return hashTree(files);
}

/** Files that the checks read and the learner's system does not: two trees that differ in these alone run the same. */
const ONLY_JUDGED = /^(?:answers\.json$|queries\/)/;

/** What a recording is valid for: the code of the tree, the scenarios and the driving side. */
export async function recordingKey(
  files: TreeFiles,
  exercises: readonly Exercise[],
  drivingSide: string,
): Promise<string> {
  const code = await hashTree(new Map([...files].filter(([path]) => !ONLY_JUDGED.test(path))));
  const hash = createHash('sha256').update(`${code}\0${drivingSide}\0`);
  for (const { id, directory } of exercises) {
    hash.update(`${id}\0`).update(await readFile(join(directory, 'scenario.ts')));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Evidence of drives, kept by key below .workshop. */
export class Recordings {
  readonly #folder: string;

  constructor(name: string) {
    this.#folder = join(workshopDirectory, name, 'evidence');
  }

  path(key: string, exercise: string): string {
    return join(this.#folder, key, `${exercise}.json`);
  }

  /** The evidence of an earlier drive by exercise id, or null when there is none of that key. */
  async read(key: string, exercises: readonly Exercise[]): Promise<Map<string, Evidence> | null> {
    try {
      const read = exercises.map(
        async ({ id }): Promise<[string, Evidence]> => [id, await readEvidence(this.path(key, id))],
      );
      return new Map(await Promise.all(read));
    } catch {
      return null;
    }
  }

  async write(key: string, evidences: ReadonlyMap<string, Evidence>): Promise<void> {
    for (const [id, evidence] of evidences) await writeEvidence(this.path(key, id), evidence);
  }

  /** Removes the recordings of all other keys. */
  async prune(keep: ReadonlySet<string>): Promise<void> {
    for (const key of await readdir(this.#folder).catch(() => [])) {
      if (!keep.has(key)) await rm(join(this.#folder, key), { recursive: true, force: true });
    }
  }
}

/** Evidence as another tree of the same code would have made it. */
export async function withTree(evidence: Evidence, tree: Tree): Promise<Evidence> {
  const { hash, label, answers, queries } = tree;
  const changed = { ...evidence, tree: { hash, label }, answers, queries };
  if (!evidence.queryResults) return changed;
  return { ...changed, queryResults: await runSavedQueries(queries, evidence.seed) };
}
