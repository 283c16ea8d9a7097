import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Digests,
  type OnStep,
  readSnapshot,
  type Snapshot,
  type TreePlace,
  WorkingTreeError,
} from '../tree/index.ts';
import type { Chain } from './exercise-start.ts';

export const PROGRESS = 'progress.json';
export const HISTORY = 'history.json';
export const RECORDS = [PROGRESS, HISTORY];
/** Moves that can be taken back, one after the other. */
export const LEVELS = 30;

/** Where a move works, and for tests: the files of the chain and a step to be called. */
export interface MoveOptions {
  place?: TreePlace;
  chain?: Chain;
  step?: OnStep;
}

/** One move that can be taken back. */
export interface Move {
  /** the snapshot that was taken before it */
  id: string;
  /** `goto 5` */
  action: string;
  /** false: it changed only the progress */
  files: boolean;
  /** what it wrote and removed: the digest of each file afterwards, null for one that it removed */
  made?: Record<string, string | null>;
}

/** @throws WorkingTreeError when there is no such snapshot */
export async function snapshotOf(place: TreePlace, id: string): Promise<Snapshot> {
  const snapshot = await readSnapshot(place, id);
  if (snapshot) return snapshot;
  throw new WorkingTreeError(
    `There is no snapshot "${id}". npm run undo -- --list shows those that there are.`,
  );
}

/** The moves that can be taken back, oldest first. A file that is broken or of another version holds none. */
export function parseHistory(text: string | null): Move[] {
  try {
    const value = JSON.parse(text ?? 'null') as { schema?: number; moves?: Move[] } | null;
    return value?.schema === 1 && Array.isArray(value.moves)
      ? value.moves.filter((entry) => typeof entry?.id === 'string')
      : [];
  } catch {
    return [];
  }
}

export function historyText(moves: readonly Move[]): string {
  return `${JSON.stringify({ schema: 1, moves }, null, 1)}\n`;
}

/** @returns null when the record was never written */
export async function recordText(place: TreePlace, name: string): Promise<string | null> {
  return readFile(join(place.workshop, name), 'utf8').catch(() => null);
}

/** Each path whose content differs: to its digest afterwards, or null when it is gone. */
export function changesBetween(before: Digests, after: Digests): Record<string, string | null> {
  const paths = Object.keys({ ...before, ...after }).filter((path) => before[path] !== after[path]);
  return Object.fromEntries(paths.map((path) => [path, after[path] ?? null]));
}
