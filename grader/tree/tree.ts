import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { repositoryRoot, WorkshopError, workshopDirectory } from '@workshop/base';
import type { AnswersFile, QueryFile } from '../evidence/index.ts';
import { readAnswers, readQueries } from './contents.ts';
import { copyTree } from './copy.ts';
import { hashTree, listFolder, listTree, type TreeFiles } from './files.ts';

const solutionsDirectory = join(repositoryRoot, 'solutions');

/** A tree that is ready to be started: a copy, or in place when it brings its own node_modules. */
export interface Tree {
  path: string;
  hash: string;
  /** `your working tree`, `solution 3`, or the folder that was given */
  label: string;
  answers: AnswersFile;
  queries: Record<string, QueryFile>;
}

/** The folder given is no tree. The message says what to do. */
export class TreeError extends WorkshopError {}

/** The learner's own working tree: the repository's apps, queries and answers. */
export function workingTree(): Promise<Tree> {
  return prepare(listTree(repositoryRoot), 'your working tree');
}

/**
 * Another working tree.
 * @throws TreeError when the folder holds no app-backend
 */
export async function treeAt(directory: string): Promise<Tree> {
  const path = resolve(directory);
  if (!(await isFolder(join(path, 'app-backend')))) {
    throw new TreeError(`${directory} holds no app-backend folder, so it is no tree of this workshop.`);
  }
  if (path === repositoryRoot) return workingTree();
  const ownPackages =
    (await isFolder(join(path, 'node_modules'))) || (await isFolder(join(path, 'app-backend/node_modules')));
  if (ownPackages) return described(path, await hashTree(await listTree(path)), directory);
  return prepare(listTree(path), directory);
}

/** The pristine start with the solutions 1 to `upTo` laid over it in order. `0` is the start itself. */
export async function solutionTree(upTo: number): Promise<Tree> {
  return prepare(chainFiles(upTo), upTo === 0 ? 'the untouched start' : `solution ${upTo}`);
}

/** The chain up to a solution with that of an optional part laid over it: it stands beside the chain, not in it. */
export async function treeWithOptional(folder: string, upTo: number): Promise<Tree> {
  return prepare(optionalFiles(folder, upTo), `solution ${folder}`);
}

/** Its files: path in the tree to the file that holds its content. */
export async function optionalFiles(folder: string, upTo: number): Promise<TreeFiles> {
  const files = await chainFiles(upTo);
  for (const [path, source] of await listFolder(join(solutionsDirectory, folder)))
    if (path !== 'NOTES.md') files.set(path, source);
  return files;
}

/** The files of the chain up to a solution: path in the tree to the file that holds its content. */
export async function chainFiles(upTo: number): Promise<TreeFiles> {
  const files = await listTree(join(solutionsDirectory, '00-start'));
  for (const folder of await solutionFolders()) {
    const number = Number(folder.slice(0, 2));
    if (number === 0 || number > upTo) continue;
    for (const [path, source] of await listFolder(join(solutionsDirectory, folder))) {
      if (path !== 'NOTES.md') files.set(path, source);
    }
  }
  return files;
}

/** Folders of solutions/, in order: `00-start`, `01-first-trace`. */
export async function solutionFolders(): Promise<string[]> {
  return (await readdir(solutionsDirectory)).filter((name) => /^\d\d-/.test(name)).sort();
}

/** A tree of any files: path in the tree to the file that holds its content. */
export async function treeOfFiles(files: Promise<TreeFiles> | TreeFiles, label: string): Promise<Tree> {
  return prepare(Promise.resolve(files), label);
}

async function prepare(files: Promise<TreeFiles>, label: string): Promise<Tree> {
  const { path, hash } = await copyTree(await files, join(workshopDirectory, 'trees'));
  return described(path, hash, label);
}

async function described(path: string, hash: string, label: string): Promise<Tree> {
  return { path, hash, label, answers: await readAnswers(path), queries: await readQueries(path) };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
