import { spawn } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { WorkshopError } from '@workshop/base';
import { TREE_PARTS } from '../tree/index.ts';

/** A place in a learner's file. */
export interface EditorPlace {
  /** from the learner's folder */
  path: string;
  line?: number;
  column?: number;
}

/** The editor could not be asked. The message says what to do instead. */
export class EditorError extends WorkshopError {}

type Arguments = (file: string, line: number, column: number) => string[];

const VSCODE: Arguments = (file, line, column) => ['-g', `${file}:${line}:${column}`];
const COLONS: Arguments = (file, line, column) => [`${file}:${line}:${column}`];
const LINE_OPTION: Arguments = (file, line) => ['--line', String(line), file];

/** Editors with a window of their own, by the name of their program, and how each is told where to go. */
const WINDOWED: Record<string, Arguments> = {
  code: VSCODE,
  'code-insiders': VSCODE,
  codium: VSCODE,
  cursor: VSCODE,
  windsurf: VSCODE,
  zed: COLONS,
  subl: COLONS,
  idea: LINE_OPTION,
  webstorm: LINE_OPTION,
  mate: (file, line) => ['-l', String(line), file],
  gedit: (file, line) => [`+${line}`, file],
  kate: (file, line) => ['-l', String(line), file],
};

/** A program that is looked for when the environment names none: the one of Codespaces and of most learners. */
const USUAL = 'code';
/** An editor that says within this time that it failed has failed. */
const FAILS_MS = 400;

/**
 * Opens a file of the learner's in their editor: the one of VISUAL or EDITOR when it has a window of its own, else VS Code.
 * @param root the learner's folder; nothing outside its apps, queries and answers is opened
 * @returns the editor's name
 * @throws EditorError that says what to do
 */
export async function openInEditor(
  root: string,
  place: EditorPlace,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const file = await fileOfTree(root, place.path);
  const where = `${place.path}${place.line ? `, line ${place.line}` : ''}`;
  const named = environment.VISUAL || environment.EDITOR || '';
  const { program, words } = programOf(named);
  const chosen = program in WINDOWED ? { name: named.split(/\s+/)[0] || program, program, words } : null;
  const { name, program: kind, words: more } = chosen ?? { name: USUAL, program: USUAL, words: [] };
  const args = [...more, ...(WINDOWED[kind] as Arguments)(file, place.line ?? 1, place.column ?? 1)];
  const started = await start(name, args, root, environment);
  if (started) return kind;
  const reason =
    named && !chosen
      ? `EDITOR is ${program}, which needs a terminal or is not known here.`
      : `There is no program "${name}" here.`;
  throw new EditorError(`${reason} Open ${where} yourself, or set EDITOR=code and start again.`);
}

function programOf(editor: string): { program: string; words: string[] } {
  const [first = '', ...words] = editor.trim().split(/\s+/);
  const program = path
    .basename(first)
    .replace(/\.(exe|cmd|bat)$/i, '')
    .toLowerCase();
  // --wait is for those who wait; nobody does here.
  return { program, words: words.filter((word) => word !== '--wait' && word !== '-w') };
}

/** @throws EditorError for a path that leads out of the learner's tree, or to no file */
async function fileOfTree(root: string, wanted: string): Promise<string> {
  const outside = new EditorError(
    `${JSON.stringify(wanted)} is no file of yours. Only files in ${TREE_PARTS.join(', ')} can be opened.`,
  );
  if (wanted.includes('\0') || path.isAbsolute(wanted)) throw outside;
  const found = await realpath(path.resolve(root, wanted)).catch(() => null);
  if (found === null || !(await stat(found)).isFile()) throw outside;
  // Of links, too, what counts is where they lead.
  const below = path.relative(await realpath(root), found).split(path.sep);
  if (!(TREE_PARTS as readonly string[]).includes(below[0] ?? '') || below.includes('node_modules'))
    throw outside;
  // cmd.exe reads these inside quotes, too.
  if (process.platform === 'win32' && /["%!^&|<>]/.test(found)) throw outside;
  return found;
}

/** False when there is no such program, or it fails at once. */
function start(
  name: string,
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv,
): Promise<boolean> {
  return new Promise((resolve) => {
    // On Windows editors are started by .cmd files, which only a shell runs.
    const onWindows = process.platform === 'win32';
    const quoted = onWindows ? args.map((word) => `"${word}"`) : args;
    const child = spawn(onWindows ? `"${name}"` : name, quoted, {
      cwd,
      env: environment,
      stdio: 'ignore',
      detached: !onWindows,
      shell: onWindows,
      windowsHide: true,
    });
    const timer = setTimeout(() => done(true), FAILS_MS);
    const done = (started: boolean): void => {
      clearTimeout(timer);
      child.unref();
      resolve(started);
    };
    child.once('error', () => done(false));
    child.once('exit', (code) => done(code === 0));
  });
}
