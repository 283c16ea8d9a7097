import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { copyDurably, digestsOf, explainDisk, sameDigests } from './durable.ts';
import { listTree, type TreeFiles } from './files.ts';
import {
  completeJournal,
  type Journal,
  type OnStep,
  obstacleAt,
  readJournal,
  removeStage,
  rescueForeign,
  stagedFiles,
  stageFolder,
  writeJournal,
} from './journal.ts';
import { withTreeLock } from './lock.ts';
import { ownPlace, type TreePlace, WorkingTreeError } from './place.ts';
import { pruneSnapshots, type Snapshot, takeSnapshot } from './snapshot.ts';

/** What a working tree is to become. */
export interface Change {
  /** `goto 5` */
  action: string;
  /** undefined: the files stay as they are, and only the records change */
  files?: TreeFiles;
  /** records beside the tree that change with it, made when the snapshot is known; null: removed */
  records: (snapshot: Snapshot) => Record<string, string | null>;
  /** all records that a snapshot keeps, by file name in the workshop's folder */
  recordNames: readonly string[];
  /** snapshots that are kept however old they are */
  keep?: readonly string[];
}

export interface Changed {
  snapshot: Snapshot;
  /** paths that were written or removed */
  paths: { written: string[]; removed: string[] };
  /** a snapshot of files that somebody wrote while they were replaced */
  rescued: string | null;
}

/**
 * Replaces the learner's files by others, whole or not at all, even when killed in the middle. First everything is
 * copied aside and proven; then what is new is staged; a journal makes it certain; then files are moved into place.
 * Only files of the tree are touched: never node_modules, dist, .git or symbolic links.
 *
 * @throws WorkingTreeError with the tree as it was before
 */
export async function changeWorkingTree(
  place: TreePlace,
  change: Change,
  step: OnStep = () => {},
): Promise<Changed> {
  return withTreeLock(place, async () => {
    await repairLocked(place, step);
    step('snapshot');
    const snapshot = await takeSnapshot(place, change.action, change.recordNames);
    const wanted = change.files && (await withoutMissingApps(change.files, await listTree(place.root)));
    const after = wanted ? await digestsOf(wanted) : snapshot.digests;
    const written = Object.keys(after).filter((path) => after[path] !== snapshot.digests[path]);
    const removed = Object.keys(snapshot.digests).filter((path) => !(path in after));
    try {
      await refuseObstacles(place, written);
      step('stage');
      const staged = new Map(written.map((path) => [path, wanted?.get(path) as string]));
      await copyDurably(staged, stagedFiles(place));
      const copied = await digestsOf(await listTree(stagedFiles(place)));
      if (written.some((path) => copied[path] !== after[path]))
        throw new WorkingTreeError(
          'The new files could not be copied whole. Nothing was changed. Try again.',
        );
      if (!sameDigests(await digestsOf(await listTree(place.root)), snapshot.digests))
        throw new WorkingTreeError('A file was saved just now. Nothing was changed. Try again.');
      step('journal');
      const records = change.records(snapshot);
      const journal: Journal = {
        schema: 1,
        action: change.action,
        snapshot: snapshot.id,
        before: snapshot.digests,
        after,
        records,
      };
      await writeJournal(place, journal);
      step('journal written');
      const rescued = await rescueForeign(place, journal).catch(async (error: unknown) => {
        await removeStage(place);
        throw error;
      });
      const { ended, cause } = await completeJournal(place, journal, step);
      if (ended === 'rolled-back') throw cause;
      await pruneSnapshots(place, [snapshot.id, ...(change.keep ?? [])]);
      return { snapshot, paths: { written, removed }, rescued };
    } catch (error) {
      // A journal that is still there means that neither direction worked: it stays for the next command.
      if ((await readJournal(place)) === null) await removeStage(place);
      throw explainDisk(error, 'Your files are as they were before.');
    }
  });
}

export interface Repair {
  /** what was interrupted: `goto 5` */
  action: string;
  ended: 'finished' | 'rolled-back';
  /** files that were written after the interruption are in this snapshot */
  rescued: string | null;
}

/**
 * Finishes what an earlier command left half done, because it was killed. Every command that reads or changes the
 * learner's files calls it first. Costs one look at the disk when there is nothing to do.
 *
 * @returns null when nothing was left
 */
export async function repairWorkingTree(place: TreePlace = ownPlace): Promise<Repair | null> {
  try {
    await stat(stageFolder(place));
  } catch {
    return null;
  }
  return withTreeLock(place, () => repairLocked(place, () => {}));
}

/** What a learner reads about a repair. */
export function repairText(repair: Repair): string {
  const how = repair.ended === 'finished' ? 'It is finished now.' : 'It was taken back.';
  const rescued = repair.rescued
    ? ` Files that you changed since are kept: npm run undo -- --to ${repair.rescued}`
    : '';
  return `"${repair.action}" was interrupted in the middle. ${how} Your files are whole.${rescued}`;
}

async function repairLocked(place: TreePlace, step: OnStep): Promise<Repair | null> {
  const journal = await readJournal(place);
  if (journal === null) {
    // Killed before the journal was there: nothing of the learner's was touched.
    await removeStage(place);
    return null;
  }
  const rescued = await rescueForeign(place, journal);
  const { ended } = await completeJournal(place, journal, step);
  return { action: journal.action, ended, rescued };
}

/** A chain that holds no page yet must not remove the learner's page. */
async function withoutMissingApps(files: TreeFiles, current: TreeFiles): Promise<TreeFiles> {
  const wanted = new Map(files);
  for (const app of ['app-backend/', 'app-frontend/']) {
    if ([...files.keys()].some((path) => path.startsWith(app))) continue;
    for (const [path, source] of current) if (path.startsWith(app)) wanted.set(path, source);
  }
  return wanted;
}

async function refuseObstacles(place: TreePlace, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const obstacle = await obstacleAt(place.root, path);
    if (obstacle) {
      throw new WorkingTreeError(
        `${obstacle}, so ${path} cannot be put there. Move it away and try again. Nothing was changed.`,
      );
    }
  }
  const [root, workshop] = await Promise.all([stat(place.root), stat(join(place.workshop))]);
  if (root.dev !== workshop.dev) {
    throw new WorkingTreeError(
      'The folder .workshop lies on another disk than your files, so they cannot be exchanged safely. Nothing was changed.',
    );
  }
}
