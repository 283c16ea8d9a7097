import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkshopError } from '@workshop/base';
import { readJson, withProperty } from '@workshop/base/json';
import { type Changed, listTree, ownPlace } from '../tree/index.ts';
import type { MoveOptions } from './move-history.ts';
import { move } from './moves.ts';

/** An answer of a learner; null: not answered. */
export type GivenAnswer = string | number | null;

const FILE = 'answers.json';

/**
 * Writes answers into the learner's answers.json. It is a move like `goto`: a snapshot is taken first, the file is replaced
 * whole, and `npm run undo` takes it back.
 * @param answers by slot: `{ "03": "163" }`; other slots stay as they are
 * @returns null when the file says so already
 * @throws WorkshopError when the file cannot be read as JSON, or somebody wrote it meanwhile; then nothing was changed
 */
export async function giveAnswers(
  answers: Readonly<Record<string, GivenAnswer>>,
  options: MoveOptions = {},
): Promise<Changed | null> {
  const { root } = options.place ?? ownPlace;
  const { text, values } = await answersIn(root);
  const changed = Object.entries(answers).filter(([slot, value]) => (values[slot] ?? null) !== value);
  if (changed.length === 0) return null;
  const after = changed.reduce((sofar, [slot, value]) => withProperty(sofar, slot, value), text);
  const folder = await mkdtemp(join(tmpdir(), 'answers-'));
  try {
    const file = join(folder, FILE);
    await writeFile(file, after);
    const files = await listTree(root);
    files.set(FILE, file);
    const numbers = Object.keys(answers).map(Number);
    return await move(`answer ${numbers.join(' and ')}`, files, (progress) => progress, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function answersIn(root: string): Promise<{ text: string; values: Record<string, unknown> }> {
  const found = await readFile(join(root, FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}\n';
    throw error;
  });
  const text = found.replace(/^\uFEFF/, '');
  const read = readJson(text);
  if ('value' in read && isObject(read.value)) return { text, values: read.value };
  const problem = 'problem' in read ? read.problem : 'it should hold one object, { "01": ... }';
  throw new WorkshopError(`answers.json cannot be read: ${problem}.`, {
    whatToDo: 'Mend it in your editor first. Nothing was changed.',
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
