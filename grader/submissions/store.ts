import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WorkshopError } from '@workshop/base';
import { nearestName } from '@workshop/telemetry/pure';
import { type Header, readPatchFile, writePatchFile } from './header.ts';

/** Where the submissions lie: `NN-name/{wrong,right}/<name>.patch`. */
export const submissionsDirectory = import.meta.dirname;

export interface Submission extends Header {
  /** the file's name without `.patch`; unique within its exercise */
  name: string;
  kind: 'wrong' | 'right';
  /** the patch file */
  path: string;
  patch: string;
}

/**
 * All submissions in order: by exercise, the wrong ones first, by name.
 * @throws WorkshopError for a header that cannot be read or lies in another folder than it says
 */
export async function listSubmissions(directory = submissionsDirectory): Promise<Submission[]> {
  const paths: { exercise: string; kind: 'wrong' | 'right'; file: string }[] = [];
  for (const exercise of await names(directory)) {
    if (!/^\d\d[a-z]?-/.test(exercise)) continue;
    for (const kind of ['wrong', 'right'] as const) {
      for (const file of await names(join(directory, exercise, kind))) {
        if (!file.endsWith('.patch')) {
          throw new WorkshopError(`${exercise}/${kind}/${file} is no .patch file.`);
        }
        paths.push({ exercise, kind, file });
      }
    }
  }
  return Promise.all(
    paths.map(async ({ exercise, kind, file }) => {
      const path = join(directory, exercise, kind, file);
      const label = `${exercise}/${kind}/${file}`;
      const { header, patch } = readPatchFile(await readFile(path, 'utf8'), label);
      if (header.exercise !== exercise) {
        throw new WorkshopError(`${label}: its header says "Exercise: ${header.exercise}".`);
      }
      if ((header.expect.verdict === 'pass') !== (kind === 'right')) {
        throw new WorkshopError(`${label}: a ${kind} one cannot "Expect: ${header.expect.verdict}".`);
      }
      return { ...header, name: file.slice(0, -'.patch'.length), kind, path, patch };
    }),
  );
}

/**
 * The submission of that name, or of `01/name` where two exercises have one.
 * @throws WorkshopError when there is none, or more than one
 */
export function findSubmission(all: readonly Submission[], word: string): Submission {
  const [, exercise, name = word] = /^(\d\d)[\w-]*\/(.+)$/.exec(word) ?? [];
  const found = all.filter((one) => one.name === name && (!exercise || one.exercise.startsWith(exercise)));
  if (found.length === 1 && found[0]) return found[0];
  if (found.length > 1) {
    throw new WorkshopError(
      `"${word}" is several: ${found.map((one) => `${one.exercise.slice(0, 2)}/${one.name}`).join(', ')}.`,
    );
  }
  const near = nearestName(name, [...new Set(all.map((one) => one.name))]);
  throw new WorkshopError(
    `There is no submission "${word}".${near ? ` Did you mean ${near.candidate}?` : ''} npm run tree -- list`,
  );
}

/** Writes a submission where its header says it belongs, and returns the path. */
export async function writeSubmission(
  name: string,
  header: Header,
  patch: string,
  directory = submissionsDirectory,
): Promise<string> {
  const kind = header.expect.verdict === 'pass' ? 'right' : 'wrong';
  const path = join(directory, header.exercise, kind, `${name}.patch`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, writePatchFile(header, patch));
  return path;
}

/** A short way to name a submission: `01-first-trace/wrong/late-import`. */
export function labelOf(submission: Pick<Submission, 'exercise' | 'kind' | 'name'>): string {
  return `${submission.exercise}/${submission.kind}/${submission.name}`;
}

async function names(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => !name.startsWith('.')).sort();
  } catch {
    return [];
  }
}
