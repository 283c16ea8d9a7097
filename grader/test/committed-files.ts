/**
 * What no committed file may be called or hold. Each rule is a pure function over a list of files, so that a made-up
 * one can show that it fails. How long a file may be is Biome's to say, who may import whom .dependency-cruiser.mjs's.
 */

/** A committed text file. `path` is relative to the root, with forward slashes. */
export interface TextFile {
  path: string;
  text: string;
}

export interface Rule {
  /** A true sentence about a sound repository. */
  title: string;
  /** What is wrong with a file, or null. */
  find: (file: TextFile) => string | null;
}

const DRAWER = /^(utils?|helpers?|commons?)$/i;
/** Home folders and this project's build folders, on Linux, macOS and Windows; not a part of a longer path or URL. */
const MACHINE_PATH = /(?<![\w.:/-])\/(?:root|work|home\/[\w.-]+|Users\/[\w.-]+)\/|\b[A-Za-z]:\\{1,2}Users\\/;
const REGISTRY =
  /\bregistry\.(?:[\w-]+\.)+(?:com|dev|internal|io|local|net|org)\b|^(?:@[\w-]+:)?registry\s*=/m;

export const RULES: Rule[] = [
  {
    title: 'no file or folder is a drawer named utils, helpers or common',
    find: ({ path }) => path.split(/[/.]/).find((word) => DRAWER.test(word)) ?? null,
  },
  {
    title: 'no file names a path of one machine',
    find: ({ text }) => MACHINE_PATH.exec(text)?.[0] ?? null,
  },
  {
    title: 'no file names a package registry, but for the lock file',
    find: ({ path, text }) =>
      path.endsWith('package-lock.json') ? null : (REGISTRY.exec(text)?.[0] ?? null),
  },
  {
    title: 'no package.json of the pristine start asks for OpenTelemetry',
    find: ({ path, text }) =>
      /^solutions\/00-start\/.*package\.json$/.test(path)
        ? (/"[^"]*opentelemetry[^"]*"/.exec(text)?.[0] ?? null)
        : null,
  },
];

/** One line a breach: `lab/utils.ts: utils`. */
export function breaches(rule: Rule, files: readonly TextFile[]): string[] {
  return files.flatMap((file) => {
    const found = rule.find(file);
    return found === null ? [] : [`${file.path}: ${found}`];
  });
}
