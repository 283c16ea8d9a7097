import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  listTree,
  readSnapshots,
  repairWorkingTree,
  snapshotFiles,
  type TreePlace,
} from '../../../tree/index.ts';
import type { Exercise, MoveOptions } from '../../index.ts';

/** Texts by path: what a test compares. */
export type Texts = Record<string, string>;

export const exercises: Exercise[] = ['00-look', '01-first', '02-second', '03-third'].map((id) => ({
  id,
  number: id.slice(0, 2),
  title: id.slice(3),
  minutes: 10,
  needs: [],
  directory: '',
  hasChecks: id !== '00-look',
}));

export function exerciseOf(number: string): Exercise {
  const found = exercises.find((one) => Number(one.number) === Number(number));
  assert.ok(found);
  return found;
}

export const placeOf = (directory: string): TreePlace => ({
  root: join(directory, 'repository'),
  workshop: join(directory, 'repository/.workshop'),
});

export function moveOptions(directory: string): MoveOptions & { place: TreePlace } {
  return {
    place: placeOf(directory),
    chain: (upTo) => listTree(join(directory, 'chain', String(upTo))),
  };
}

/** A repository with a learner's tree, what does not belong to it, and a chain of three trees. */
export async function makeMovingPlace(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'moves-'));
  for (let upTo = 0; upTo <= 2; upTo++) {
    await writeTexts(join(directory, 'chain', String(upTo)), chainTexts(upTo));
  }
  await writeTexts(join(directory, 'repository'), { ...chainTexts(0), ...NOT_THE_TREES });
  // A link could lead out of the tree, so it is no part of it.
  await symlink(join(directory, 'chain'), join(directory, 'repository/app-backend/src/linked'), 'junction');
  return directory;
}

/** Never touched by any move. */
export const NOT_THE_TREES: Texts = {
  'app-backend/node_modules/left-pad/index.js': 'module.exports = 1;\n',
  'app-backend/dist/main.js': 'built\n',
  'app-frontend/.angular/cache/x': 'cached\n',
  '.git/HEAD': 'ref: refs/heads/main\n',
  'exercises/01-first/README.md': '# 01\n',
};

/** Every file differs from tree to tree, one folder is a file in another, and each tree has files of its own. */
export function chainTexts(upTo: number): Texts {
  const texts: Texts = {
    'answers.json': `{"upTo":${upTo}}\n`,
    'app-backend/package.json': '{"scripts":{}}\n',
  };
  for (let at = 0; at < 12; at++) texts[`app-backend/src/part-${at}.ts`] = `// tree ${upTo}, part ${at}\n`;
  texts[`app-frontend/src/only-${upTo}/page.ts`] = `// tree ${upTo}\n`;
  texts[upTo === 1 ? 'app-backend/src/feed' : 'app-backend/src/feed/index.ts'] = `// feed of ${upTo}\n`;
  return texts;
}

export async function writeTexts(root: string, texts: Texts): Promise<void> {
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

export async function readTree(root: string): Promise<Texts> {
  return textsOf(await listTree(root));
}

export async function textsOf(files: ReadonlyMap<string, string>): Promise<Texts> {
  const texts: Texts = {};
  for (const path of [...files.keys()].sort())
    texts[path] = await readFile(files.get(path) as string, 'utf8');
  return texts;
}

const CHILD = join(import.meta.dirname, 'move-child.ts');

/** Runs a move in a process of its own, which is killed at a step of its own choice, or after a time. */
export async function runMove(
  directory: string,
  move: string,
  kill: { at?: string; afterMs?: number } = {},
): Promise<{ killed: boolean; ms: number; steps: number }> {
  const child = spawn(process.execPath, [CHILD, directory, move, kill.at ?? ''], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let begun = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (begun > 0) return;
    begun = performance.now();
    if (kill.afterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), kill.afterMs);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.on('close', (...end) => resolve(end));
  });
  const killed = signal === 'SIGKILL' || (process.platform === 'win32' && code !== 0);
  assert.ok(killed || code === 0, output);
  return { killed, ms: performance.now() - begun, steps: Number(/(\d+) steps/.exec(output)?.[1] ?? 0) };
}

/** What must be true at every moment: the tree of now, and the moves that can be taken back. */
export interface Model {
  tree: Texts;
  stack: Texts[];
}

export function treeAfter(model: Model, move: string): Texts {
  const [kind, number] = move.split('-');
  return kind === 'undo' ? (model.stack.at(-1) ?? model.tree) : sorted(chainTexts(Number(number) - 1));
}

/**
 * After a move that may have been killed, and the next command's repair: the learner's files are whole, before or
 * after; nothing else was touched; nothing is left behind; and if they are replaced, a whole snapshot has them.
 */
export async function checkAfterMove(
  directory: string,
  move: string,
  model: Model,
): Promise<'before' | 'after'> {
  const place = placeOf(directory);
  await repairWorkingTree(place);
  const tree = await readTree(place.root);
  const after = treeAfter(model, move);
  const isAfter = JSON.stringify(tree) !== JSON.stringify(model.tree);
  assert.deepEqual(tree, isAfter ? after : model.tree);
  for (const [path, text] of Object.entries(NOT_THE_TREES)) {
    assert.equal(await readFile(join(place.root, path), 'utf8'), text);
  }
  assert.equal(
    (await readFile(join(place.root, 'app-backend/src/linked/0/answers.json'), 'utf8')).trim(),
    '{"upTo":0}',
  );
  await assert.rejects(readFile(join(place.workshop, 'replacing/journal.json')), { code: 'ENOENT' });
  const history = JSON.parse(
    await readFile(join(place.workshop, 'history.json'), 'utf8').catch(() => '{"moves":[]}'),
  ) as { moves: { action: string }[] };
  if (isAfter) {
    if (move === 'undo') model.stack.pop();
    else model.stack.push(model.tree);
    const newest = (await readSnapshots(place)).filter((one) => !one.before.startsWith('finishing')).at(-1);
    assert.deepEqual(await textsOf(await snapshotFiles(place, newest?.id ?? '')), model.tree);
    model.tree = tree;
  }
  assert.equal(history.moves.length, model.stack.length);
  return isAfter ? 'after' : 'before';
}

/** A learner's work between two moves: a changed file and a new one. */
export async function editSomething(directory: string, model: Model, round: number): Promise<void> {
  const { root } = placeOf(directory);
  await writeTexts(root, {
    'app-backend/src/part-3.ts': `// mine, round ${round}\n`,
    [`app-backend/src/mine-${round}.ts`]: `// round ${round}\n`,
  });
  model.tree = await readTree(root);
}

export const sorted = (texts: Texts): Texts =>
  Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));

export async function removePlace(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}
