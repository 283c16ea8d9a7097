import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { workshopDirectory } from '@workshop/base';
import type { CaptureConnection } from '../capture/index.ts';
import { installedMs } from './page/installation.ts';

/**
 * Where Node keeps the compiled code of what a learner's program loads, some 1,700 files of packages: a boot takes an
 * eighth less processor time with it. By content, so that a package or a file that changes is compiled anew.
 */
const kept = path.join(workshopDirectory, 'learner-code');

/** Node adds files of programs that end by themselves. Of so many, most belong to trees that are gone. */
const MOST_FILES = 12_000;

let filling = false;

/** From now on the programs that this process starts may fill it. */
export function fillCompiledCode(): void {
  filling = true;
}

/**
 * What a learner's program needs to find it, for its environment. Nothing as long as it is not filled: a program that
 * ends by itself writes down what is missing first, and one that is to end in time must not spend it so.
 */
export function compiledCodeEnvironment(directory: string = kept): Record<string, string> {
  const mark = markIn(directory);
  return mark !== null && (filling || existsSync(mark)) ? { NODE_COMPILE_CACHE: directory } : {};
}

/** The file that says that it is filled for the packages that are installed; null while they are being installed. */
function markIn(directory: string): string | null {
  const installed = installedMs();
  return installed === null ? null : path.join(directory, `installed-${installed}`);
}

/**
 * Has a process write down what it has compiled, once for each installation of packages and each set of them that
 * learners add. Node does so itself when a program ends by itself, and the grader ends it with a signal. It takes a
 * process some tenths of a second.
 */
export async function keepCompiledCode(
  connection: Pick<CaptureConnection, 'keepCode' | 'lastState'>,
  directory: string = kept,
): Promise<void> {
  const mark = markIn(directory);
  if (mark === null) return;
  const added = connection.lastState()?.sdkPackagesLoaded ?? [];
  const markOfSet = `${mark}-${createHash('sha256').update(added.join()).digest('hex').slice(0, 8)}`;
  if (existsSync(markOfSet)) return;
  await connection.keepCode();
  await mkdir(directory, { recursive: true });
  await Promise.all([mark, markOfSet].map((file) => writeFile(file, '')));
}

/** Empties the directory when it has grown: it fills again. To be called while none of the learner's processes runs. */
export async function pruneCompiledCode(directory: string = kept): Promise<void> {
  const files = await readdir(directory, { recursive: true }).catch(() => []);
  if (files.length > MOST_FILES) await rm(directory, { recursive: true, force: true });
}
