import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Evidence, readEvidence, writeEvidence } from '../evidence/index.ts';
import { hashTree, listFolder, repository, type TreeFiles, workshopDirectory } from '../tree/index.ts';
import type { Exercise } from '../workshop/index.ts';
import { labelOf, type Submission } from './store.ts';

/** Whatever can change what a drive sees. Judging is not among them: it is done anew every time. */
const DRIVING_SIDE = ['grader/drive', 'grader/world', 'grader/capture', 'grader/evidence', 'telemetry'];

/** SHA-256 over the source of the driving side, without its tests; hexadecimal. */
export async function hashDrivingSide(): Promise<string> {
  const files: TreeFiles = new Map();
  for (const room of DRIVING_SIDE) {
    for (const [path, source] of await listFolder(join(repository, room))) {
      if (!/(?:^|\/)test\//.test(path)) files.set(`${room}/${path}`, source);
    }
  }
  return hashTree(files);
}

/** What a recording is valid for: the tree, the scenarios and the driving side. */
export async function recordingKey(
  treeHash: string,
  exercises: readonly Exercise[],
  drivingSide: string,
): Promise<string> {
  const hash = createHash('sha256').update(`${treeHash}\0${drivingSide}\0`);
  for (const { id, directory } of exercises) {
    hash.update(`${id}\0`).update(await readFile(join(directory, 'scenario.ts')));
  }
  return hash.digest('hex').slice(0, 16);
}

/** The evidence of an earlier drive by exercise id, or null when there is none of that key. */
export async function readRecording(
  submission: Submission,
  key: string,
  exercises: readonly Exercise[],
): Promise<Map<string, Evidence> | null> {
  try {
    const read = exercises.map(
      async ({ id }): Promise<[string, Evidence]> => [
        id,
        await readEvidence(recordingPath(submission, key, id)),
      ],
    );
    return new Map(await Promise.all(read));
  } catch {
    return null;
  }
}

/** Keeps the evidence of a drive in place of older ones of the same submission. */
export async function writeRecording(
  submission: Submission,
  key: string,
  evidences: ReadonlyMap<string, Evidence>,
): Promise<void> {
  const folder = recordingFolder(submission);
  await mkdir(join(folder, key), { recursive: true });
  for (const [id, evidence] of evidences) await writeEvidence(recordingPath(submission, key, id), evidence);
  for (const other of await readdir(folder)) {
    if (other !== key) await rm(join(folder, other), { recursive: true, force: true });
  }
}

export function recordingPath(submission: Submission, key: string, exercise: string): string {
  return join(recordingFolder(submission), key, `${exercise}.json`);
}

function recordingFolder(submission: Submission): string {
  return join(workshopDirectory, 'submissions/evidence', labelOf(submission));
}
