import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { repositoryRoot, WorkshopError, workshopDirectory } from '@workshop/base';
import { listTree, type TreeFiles } from '../tree/index.ts';
import { baseOf, submissionFiles } from './base.ts';
import { type Header, headerText, parseHeader } from './header.ts';
import { createPatch, PatchConflict } from './patch.ts';
import { type Submission, submissionsDirectory, writeSubmission } from './store.ts';

/** In an opened tree: the submission's header, to be edited like any file. */
export const HEADER_FILE = 'SUBMISSION.txt';
/** In an opened tree: the old patch, when it does not fit its base any more. */
export const REJECTED_FILE = 'REJECTED.patch';

export interface Opened {
  directory: string;
  /** why the patch could not be laid over its base; then the tree is the base alone */
  conflict: string | null;
}

export const editDirectory = (name: string): string => join(workshopDirectory, 'edit', name);

/**
 * Lays an existing submission out as a tree below .workshop/edit.
 * @throws WorkshopError when it is open already: what was edited there must not be lost
 */
export async function openSubmission(
  submission: Submission,
  directory = editDirectory(submission.name),
): Promise<Opened> {
  await refuseIfOpen(directory);
  try {
    await layOut(await submissionFiles(submission), headerText(submission), directory);
    return { directory, conflict: null };
  } catch (error) {
    if (!(error instanceof PatchConflict)) throw error;
    await layOut((await baseOf(submission.base)).files, headerText(submission), directory);
    await writeFile(join(directory, REJECTED_FILE), submission.patch);
    return { directory, conflict: error.message };
  }
}

/** Lays out a new one: its base, and a header with what is known of it. */
export async function openNew(
  name: string,
  header: Pick<Header, 'base' | 'exercise'> & { expect: string; what: string },
  directory = editDirectory(name),
): Promise<Opened> {
  if (!/^[a-z0-9-]+$/.test(name)) throw new WorkshopError(`A name is a slug, got "${name}".`);
  await refuseIfOpen(directory);
  const text = [
    `Base: ${header.base}`,
    `Exercise: ${header.exercise}`,
    `Expect: ${header.expect}`,
    `What: ${header.what}`,
    '',
  ];
  await layOut((await baseOf(header.base)).files, text.join('\n'), directory);
  return { directory, conflict: null };
}

/**
 * Writes an opened tree back as a patch on its base, and removes the folder. Returns the patch file.
 * @throws WorkshopError when the header is not whole or nothing was changed
 */
export async function saveEdited(
  name: string,
  directory = editDirectory(name),
  target = submissionsDirectory,
): Promise<string> {
  let text: string;
  try {
    text = await readFile(join(directory, HEADER_FILE), 'utf8');
  } catch {
    throw new WorkshopError(`${name} is not open. npm run tree -- edit ${name}`);
  }
  const header = parseHeader(text, `.workshop/edit/${name}/${HEADER_FILE}`);
  const { files: before, read } = await baseOf(header.base);
  const after = await listTree(directory);
  const changed = new Map<string, string | null>();
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [old, edited] = await Promise.all([bytesOf(before.get(path)), bytesOf(after.get(path))]);
    if (old && edited?.equals(old)) continue;
    if ((edited ?? old)?.includes(0)) throw new WorkshopError(`${path} is no text, so no patch can hold it.`);
    changed.set(path, edited?.toString('utf8') ?? null);
  }
  const patch = await createPatch(changed, read);
  if (patch === '') throw new WorkshopError(`${name}: nothing differs from its base, ${header.base}.`);
  const path = await writeSubmission(name, header, patch, target);
  await rm(directory, { recursive: true });
  return path;
}

/** Copies the apps, queries and answers as released over the pristine start. */
export async function refreshStart(
  from = repositoryRoot,
  start = join(repositoryRoot, 'solutions/00-start'),
): Promise<void> {
  const files = await listTree(from);
  const partial = `${start}.partial-${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await copyFiles(files, partial);
  await rm(start, { recursive: true, force: true });
  await cp(partial, start, { recursive: true });
  await rm(partial, { recursive: true });
}

async function layOut(files: TreeFiles, header: string, directory: string): Promise<void> {
  await copyFiles(files, directory);
  await writeFile(join(directory, HEADER_FILE), header);
}

async function copyFiles(files: TreeFiles, directory: string): Promise<void> {
  for (const [path, source] of files) {
    const target = join(directory, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, await readFile(source));
  }
}

async function refuseIfOpen(directory: string): Promise<void> {
  try {
    await stat(directory);
  } catch {
    return;
  }
  throw new WorkshopError(`${directory} is open already. Save it, or remove that folder.`);
}

async function bytesOf(source: string | undefined): Promise<Buffer | null> {
  return source === undefined ? null : readFile(source);
}
