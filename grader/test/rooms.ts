/**
 * The house's walls: which room may know which, read from the imports in the
 * source by TypeScript's own scanner. Type-only imports count: a type is
 * knowledge of the other room, too.
 *
 * Every rule is a pure function over a list of files, so that a small made-up
 * tree can show that it fails.
 */
import { posix } from 'node:path';
import ts from 'typescript';

/** A committed text file. `path` is relative to the root, with forward slashes. */
export interface SourceFile {
  path: string;
  text: string;
}

/** One breach in the words of the rule, beginning with the file's path. */
export type Breach = string;

export interface Rule {
  /** A true sentence about a sound house. */
  title: string;
  breaches: (house: House) => Breach[];
}

/** What one file imports. `target` is a path in the house, or null for a package from outside. */
interface Import {
  from: string;
  specifier: string;
  target: string | null;
}

export interface House {
  files: SourceFile[];
  imports: Import[];
  /** Files that a package's "exports" opens to everyone. */
  exported: Set<string>;
}

const SOURCE = /\.(ts|mts|cts|js|mjs|cjs)$/;

/** The room of a path: a top folder, and inside grader/ one of its own folders. */
export function roomOf(path: string): string {
  const [top = '', second = '', ...rest] = path.split('/');
  return top === 'grader' && rest.length > 0 ? `grader/${second}` : top;
}

function isIn(path: string | null, ...rooms: string[]): boolean {
  return path !== null && rooms.some((room) => path === room || path.startsWith(`${room}/`));
}

interface Workspace {
  name: string;
  folder: string;
  /** "exports" as written: sub path to file, './' stripped from the file. */
  exports: Map<string, string>;
}

function readWorkspaces(files: SourceFile[]): Workspace[] {
  return files.flatMap(({ path, text }) => {
    if (!/^[^/]+\/package\.json$/.test(path)) return [];
    const { name, exports = {} } = JSON.parse(text) as {
      name: string;
      exports?: string | Record<string, string>;
    };
    const entries = typeof exports === 'string' ? [['.', exports] as const] : Object.entries(exports);
    return [{ name, folder: posix.dirname(path), exports: new Map(entries) }];
  });
}

/** Where an import leads inside the house; null if it is a package from outside or Node's own. */
function resolveImport(from: string, specifier: string, workspaces: Workspace[]): string | null {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  const workspace = workspaces.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
  if (!workspace) return null;
  const subPath = `.${specifier.slice(workspace.name.length)}`;
  return posix.join(workspace.folder, workspace.exports.get(subPath) ?? subPath);
}

/** Reads every import of every source file: static, dynamic, `require` and `import type`. */
export function openHouse(files: SourceFile[]): House {
  const workspaces = readWorkspaces(files);
  const imports = files
    .filter(({ path }) => SOURCE.test(path))
    .flatMap(({ path, text }) =>
      ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => ({
        from: path,
        specifier: fileName,
        target: resolveImport(path, fileName, workspaces),
      })),
    );
  const exported = workspaces.flatMap(({ folder, exports }) =>
    [...exports.values()].map((file) => posix.join(folder, file)),
  );
  return { files, imports, exported: new Set(exported) };
}

/** A wall: no file of `rooms` imports anything for which `forbidden` is true. */
function wall(title: string, rooms: string[], forbidden: (found: Import) => boolean): Rule {
  return {
    title,
    breaches: ({ imports }) =>
      imports
        .filter((found) => isIn(found.from, ...rooms) && forbidden(found))
        .map(({ from, specifier }) => `${from} imports ${specifier}`),
  };
}

const APPS = ['app-backend', 'app-frontend'];
const UNINSTRUMENTED = [...APPS, 'solutions/00-start'];
const EVERYWHERE = ['base', 'telemetry', 'grader', 'lab', 'exercises', 'solutions', ...APPS];

/** Names of OpenTelemetry's packages and of distributions built on them. */
const TELEMETRY_PACKAGE = /^(@opentelemetry|@honeycombio)\/|opentelemetry/;

const IMPORT_RULES: Rule[] = [
  wall('exercises and solutions never import from the apps', ['exercises', 'solutions'], ({ target }) =>
    isIn(target, ...APPS),
  ),
  wall('grader never imports from the apps', ['grader'], ({ target }) => isIn(target, ...APPS)),
  wall('judge does not know world or capture', ['grader/judge'], ({ target }) =>
    isIn(target, 'grader/world', 'grader/capture'),
  ),
  wall(
    'nothing imports cli',
    EVERYWHERE,
    ({ from, target }) => isIn(target, 'grader/cli') && !isIn(from, 'grader/cli'),
  ),
  wall('base imports no other room', ['base'], ({ target }) => target !== null && !isIn(target, 'base')),
  wall(
    'telemetry imports no other room',
    ['telemetry'],
    ({ target }) => target !== null && !isIn(target, 'telemetry'),
  ),
  wall('lab does not know the grader, the apps or the content', ['lab'], ({ target }) =>
    isIn(target, 'grader', 'exercises', 'solutions', ...APPS),
  ),
  {
    title: 'a room is entered by its index.ts, or by a file that its package exports',
    breaches: ({ imports, exported }) =>
      imports
        .filter(({ from, target }) => {
          if (target === null || roomOf(from) === roomOf(target)) return false;
          return target !== `${roomOf(target)}/index.ts` && !exported.has(target);
        })
        .map(
          ({ from, specifier, target }) =>
            `${from} imports ${specifier}, the door is ${roomOf(target!)}/index.ts`,
        ),
  },
  wall('the apps and the pristine start do not use OpenTelemetry', UNINSTRUMENTED, ({ specifier }) =>
    TELEMETRY_PACKAGE.test(specifier),
  ),
];

const DRAWER = /^(utils?|helpers?|commons?)$/i;
const MOST_LINES = 350;

function isGenerated({ path, text }: SourceFile): boolean {
  return /(^|\/)generated\/|\.generated\.\w+$/.test(path) || text.slice(0, 400).includes('@generated');
}

/** Lines of text, with a last line break not counted as one more. */
function lineCount(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}

/** Home folders and this project's build folders, on Linux, macOS and Windows; not a part of a longer path or URL. */
const MACHINE_PATH = /(?<![\w.:/-])\/(?:root|work|home\/[\w.-]+|Users\/[\w.-]+)\/|\b[A-Za-z]:\\{1,2}Users\\/;
const REGISTRY =
  /\bregistry\.(?:[\w-]+\.)+(?:com|dev|internal|io|local|net|org)\b|^(?:@[\w-]+:)?registry\s*=/m;

/** A rule over each file's text: `find` gives what is wrong, or null. */
function textRule(
  title: string,
  applies: (path: string) => boolean,
  find: (text: string) => string | null,
): Rule {
  return {
    title,
    breaches: ({ files }) =>
      files
        .filter(({ path }) => applies(path))
        .flatMap(({ path, text }) => {
          const found = find(text);
          return found === null ? [] : [`${path}: ${found}`];
        }),
  };
}

const FILE_RULES: Rule[] = [
  {
    title: 'no file or folder is a drawer named utils, helpers or common',
    breaches: ({ files }) =>
      files
        .filter(({ path }) =>
          path.split('/').some((part) => part.split('.').some((word) => DRAWER.test(word))),
        )
        .map(({ path }) => path),
  },
  {
    title: `no source file has more than ${MOST_LINES} lines, unless it is generated`,
    breaches: ({ files }) =>
      files
        .filter((file) => SOURCE.test(file.path) && !isGenerated(file) && lineCount(file.text) > MOST_LINES)
        .map(({ path, text }) => `${path}: ${lineCount(text)} lines`),
  },
  textRule(
    'no file names a path of one machine',
    () => true,
    (text) => MACHINE_PATH.exec(text)?.[0] ?? null,
  ),
  textRule(
    'no file names a package registry, but for the lock file',
    (path) => !path.endsWith('package-lock.json'),
    (text) => REGISTRY.exec(text)?.[0] ?? null,
  ),
  textRule(
    'no package.json of the apps or the pristine start asks for OpenTelemetry',
    (path) => path.endsWith('/package.json') && isIn(path, ...UNINSTRUMENTED),
    (text) => /"[^"]*opentelemetry[^"]*"/.exec(text)?.[0] ?? null,
  ),
];

export const RULES: Rule[] = [...IMPORT_RULES, ...FILE_RULES];
