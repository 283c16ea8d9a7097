import { spawnSync } from 'node:child_process';
import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { delimiter, join } from 'node:path';
import { isFree } from '@workshop/base';
import type { Finding } from './finding.ts';

const GIB = 2 ** 30;

/** Node of the version that the workshop brings itself. `wanted` is that version: 26.10.0 */
export function nodeFinding(version: string, wanted: string, execPath: string): Finding {
  const what = 'Node';
  if (version === wanted)
    return { what, state: 'ok', text: `Version ${version}, the one that the workshop brings.` };
  return {
    what,
    state: 'warning',
    text: `Version ${version} from ${execPath}. The workshop brings ${wanted}.`,
    advice: 'Begin commands with npm run, and run npm ci if that does not help.',
  };
}

/** The ports that `npm start` uses, free or taken. */
export async function portFindings(
  ports: readonly { port: number; use: string; option: string }[],
): Promise<Finding[]> {
  return Promise.all(
    ports.map(async ({ port, use, option }): Promise<Finding> => {
      const what = `Port ${port}`;
      if (await isFree(port)) return { what, state: 'ok', text: `Free for ${use}.` };
      return {
        what,
        state: 'warning',
        text: `Taken. npm start wants it for ${use}. Is npm start running already?`,
        // As npm start itself advises; a thousand more than the API's would be the lab's.
        advice: `End what uses it, or choose another: npm start -- ${option} ${port + 10}`,
      };
    }),
  );
}

/** Free disk where the repository lies, and memory. */
export async function roomFindings(root: string): Promise<Finding[]> {
  const { bavail, bsize } = await statfs(root);
  return [diskFinding(bavail * bsize), memoryFinding(totalmem())];
}

export function diskFinding(freeBytes: number): Finding {
  const text = `${(freeBytes / GIB).toFixed(1)} GB are free.`;
  const what = 'Disk';
  if (freeBytes < 0.3 * GIB)
    return { what, state: 'missing', text, advice: 'Make room: 1 GB is needed to work.' };
  if (freeBytes < GIB)
    return { what, state: 'warning', text, advice: 'Make some room: 1 GB is good to have.' };
  return { what, state: 'ok', text };
}

export function memoryFinding(totalBytes: number): Finding {
  const text = `${(totalBytes / GIB).toFixed(1)} GB.`;
  if (totalBytes >= 3 * GIB) return { what: 'Memory', state: 'ok', text };
  return {
    what: 'Memory',
    state: 'warning',
    text,
    advice: 'It may be tight. Close other programs while the page is built.',
  };
}

/** Places where a checkout gives trouble. */
export async function placeFindings(root: string, platform: string = process.platform): Promise<Finding[]> {
  const what = 'Folder';
  const problem = pathProblem(root, platform);
  const findings: Finding[] = problem ? [{ what, ...problem }] : [];
  try {
    await mkdir(join(root, '.workshop'), { recursive: true });
    await access(join(root, '.workshop'), constants.W_OK);
  } catch {
    findings.push({
      what,
      state: 'missing',
      text: `${join(root, '.workshop')} cannot be written.`,
      advice: 'Give yourself the right to write there, or remove that folder.',
    });
  }
  return findings.length > 0 ? findings : [{ what, state: 'ok', text: `${root} is a good place.` }];
}

/** What is wrong with a checkout's path, null when nothing is. */
export function pathProblem(path: string, platform: string): Omit<Finding, 'what'> | null {
  // Programs are found by PATH, which this character separates: nothing below such a folder can be in it.
  const separator = platform === 'win32' ? ';' : delimiter;
  if (path.includes(separator) || /["\n\r]/.test(path)) {
    return {
      state: 'missing',
      text: `Its path holds ${path.includes(separator) ? `"${separator}"` : 'a quotation mark or a line break'}, so programs in it are not found.`,
      advice: 'Move the checkout to a folder with a plain name.',
    };
  }
  if (/[\\/](OneDrive|Dropbox|Google Drive|iCloud Drive|Mobile Documents)/i.test(path)) {
    return {
      state: 'warning',
      text: 'It lies in a folder that is copied to a cloud. That is slow, and files may be locked.',
      advice: 'Move the checkout to a folder that stays on this machine.',
    };
  }
  if (platform === 'linux' && /^\/mnt\/[a-z]\//.test(path)) {
    return {
      state: 'warning',
      text: "It lies on Windows' own disk. From Linux that is slow.",
      advice: 'Clone it into your Linux home folder.',
    };
  }
  if (platform === 'win32' && path.length > 110) {
    return {
      state: 'warning',
      text: 'Its path is long. Some programs fail with paths of more than 260 characters.',
      advice: 'Move the checkout closer to the root of the disk.',
    };
  }
  return null;
}

/** git is good to have, and nothing of the grading needs it. */
export function gitFinding(root: string): Finding {
  const what = 'git';
  const version = spawnSync('git', ['--version'], { encoding: 'utf8' });
  if (version.error || version.status !== 0) {
    return {
      what,
      state: 'warning',
      text: 'It is not there. You can do everything, but not commit your work.',
      advice: 'Get it from https://git-scm.com',
    };
  }
  const inside = spawnSync('git', ['-C', root, 'rev-parse', '--is-inside-work-tree'], { encoding: 'utf8' });
  if (inside.status !== 0) {
    return {
      what,
      state: 'warning',
      text: 'This folder is no git repository, so your steps are not kept.',
      advice: 'git init, then commit after each exercise.',
    };
  }
  return { what, state: 'ok', text: `${version.stdout.trim()}. Commit after each exercise.` };
}
