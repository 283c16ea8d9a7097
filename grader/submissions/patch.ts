import { applyPatch, createTwoFilesPatch, FILE_HEADERS_ONLY, parsePatch } from 'diff';

/** A patch does not fit the files that it is laid on. The message names the first file. */
export class PatchConflict extends Error {}

/** Text of a file by its path in the tree; null where there is none. */
export type ReadText = (path: string) => Promise<string | null>;

const NOTHING = '/dev/null';
/** Lines of a hunk that may differ when a patch is carried over to changed files. */
const REBASE_FUZZ = 3;

/**
 * The files that a patch changes: path in the tree to the new text, null for a file that it deletes.
 * A file with CRLF keeps its line ends.
 *
 * @param fuzzy lets context lines differ: only to carry a patch over, never to grade
 * @throws PatchConflict when a file is not what the patch expects
 */
export async function patchedFiles(
  patch: string,
  read: ReadText,
  fuzzy = false,
): Promise<Map<string, string | null>> {
  const changed = new Map<string, string | null>();
  for (const file of parsePatch(patch)) {
    const from = pathOf(file.oldFileName);
    const to = pathOf(file.newFileName);
    const path = to ?? from;
    if (!path) throw new PatchConflict('the patch names no file');
    if (from && to && from !== to)
      throw new PatchConflict(`${from}: a file is renamed by deleting and creating it`);
    const before = from ? await read(from) : '';
    if (before === null) throw new PatchConflict(`${path} is not there`);
    if (!from && (await read(path)) !== null) throw new PatchConflict(`${path} is there already`);
    const after = applyPatch(before, file, { fuzzFactor: fuzzy ? REBASE_FUZZ : 0 });
    if (after === false) throw new PatchConflict(`${path} has changed where the patch changes it`);
    changed.set(path, to ? after : null);
  }
  return changed;
}

/** The unified diff of several files, in path order; empty when nothing differs. */
export async function createPatch(
  changed: ReadonlyMap<string, string | null>,
  read: ReadText,
): Promise<string> {
  let patch = '';
  for (const path of [...changed.keys()].sort()) {
    const before = lf(await read(path));
    const after = lf(changed.get(path) as string | null);
    if (before === after) continue;
    patch += createTwoFilesPatch(
      before === null ? NOTHING : path,
      after === null ? NOTHING : path,
      before ?? '',
      after ?? '',
      undefined,
      undefined,
      { context: 3, headerOptions: FILE_HEADERS_ONLY },
    );
  }
  return patch;
}

function pathOf(name: string | undefined): string | null {
  if (name === undefined || name === NOTHING) return null;
  // A patch may come from anywhere: it must stay inside the tree.
  if (/^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)/.test(name)) {
    throw new PatchConflict(`${name} is no path inside the tree`);
  }
  return name;
}

function lf(text: string | null): string | null {
  return text?.replaceAll('\r\n', '\n') ?? null;
}
