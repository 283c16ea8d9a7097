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
export const compiledCodeDirectory = path.join(workshopDirectory, 'learner-code');

/** Node adds files of programs that end by themselves. Of so many, most belong to trees that are gone. */
const MOST_FILES = 12_000;

/**
 * Has a process write down what it has compiled, once for each installation of packages. Node does so itself when a
 * program ends by itself, and the grader ends it with a signal. It takes a process some tenths of a second.
 */
export async function keepCompiledCode(
  connection: Pick<CaptureConnection, 'keepCode'>,
  directory: string = compiledCodeDirectory,
): Promise<void> {
  const installed = installedMs();
  if (installed === null) return;
  const mark = path.join(directory, `installed-${installed}`);
  if (existsSync(mark)) return;
  await connection.keepCode();
  await mkdir(directory, { recursive: true });
  await writeFile(mark, '');
}

/** Empties the directory when it has grown: it fills again. To be called while none of the learner's processes runs. */
export async function pruneCompiledCode(directory: string = compiledCodeDirectory): Promise<void> {
  const files = await readdir(directory, { recursive: true }).catch(() => []);
  if (files.length > MOST_FILES) await rm(directory, { recursive: true, force: true });
}
