import { existsSync } from 'node:fs';
import path from 'node:path';
import { watch } from 'chokidar';

export interface SaveWatcher {
  /** Resolves when saves are seen from now on. */
  ready: Promise<void>;
  close(): Promise<void>;
}

/** Editors save in several steps, and a formatter saves once more. */
const USUAL_QUIET_MS = 150;
const ignoredFolders = new Set(['node_modules', 'dist', 'coverage', 'test', 'e2e']);

export interface SaveWatching {
  /** called at once with the first path of a burst, and again with each further one */
  onChange?: (file: string) => void;
  /** how long nothing may change for a burst to be over; 150 ms */
  quietMs?: number;
}

/**
 * Calls `onSave` once after each burst of changes below the given folders or files.
 * @param onSave gets the changed paths, relative to `root`
 */
export function watchSaves(
  root: string,
  paths: readonly string[],
  onSave: (changed: string[]) => void,
  { onChange, quietMs = USUAL_QUIET_MS }: SaveWatching = {},
): SaveWatcher {
  const changed = new Set<string>();
  const made = new Set<string>();
  /** Many programs save into a new file and rename it: that one's name says nothing to anybody. */
  const isLeft = (name: string): boolean => !made.has(name) || existsSync(path.join(root, name));
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(
    paths.map((name) => path.join(root, name)),
    {
      ignoreInitial: true,
      ignored: (file) => isIgnored(path.relative(root, file)),
    },
  );
  watcher.on('all', (event, file) => {
    if (event === 'addDir' || event === 'unlinkDir') return;
    const name = path.relative(root, file);
    changed.add(name);
    if (event === 'add') made.add(name);
    onChange?.(name);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const files = [...changed].sort();
      const left = files.filter(isLeft);
      changed.clear();
      made.clear();
      onSave(left.length > 0 ? left : files);
    }, quietMs);
  });
  const ready = new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  return {
    ready,
    async close() {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}

/** Folders that hold no source of Murmur, and the files that editors make beside the one that is saved. */
export function isIgnored(relative: string): boolean {
  const parts = relative.split(path.sep);
  if (parts[0] === '..') return false;
  const name = parts.at(-1) ?? '';
  if (name.endsWith('~') || name.endsWith('.swp') || name.endsWith('.tmp') || name === '4913') return true;
  return parts.some((part) => part.startsWith('.') || ignoredFolders.has(part));
}
