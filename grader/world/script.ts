import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The text of an npm script of a package, with its `pre` and `post` scripts around it as npm runs them, or null if
 * there is no such script (or no readable package.json).
 */
export function scriptOf(packageDir: string, name: string): string | null {
  let scripts: Record<string, unknown>;
  try {
    const manifest = JSON.parse(readFileSync(path.join(packageDir, 'package.json'), 'utf8'));
    scripts = manifest?.scripts ?? {};
  } catch {
    return null;
  }
  if (typeof scripts[name] !== 'string' || scripts[name].trim() === '') return null;
  return [scripts[`pre${name}`], scripts[name], scripts[`post${name}`]]
    .filter((text) => typeof text === 'string' && text.trim() !== '')
    .join(' && ');
}

/** PATH as npm sets it for a package's scripts: every node_modules/.bin from there up to the root, then the rest. */
export function scriptPath(packageDir: string, rest: string = process.env.PATH ?? ''): string {
  const directories: string[] = [];
  for (let at = path.resolve(packageDir); ; at = path.dirname(at)) {
    directories.push(path.join(at, 'node_modules', '.bin'));
    if (at === path.dirname(at)) break;
  }
  return [...directories, rest].join(path.delimiter);
}

/** How a script's text is run: the shell and its arguments, the same as npm's. */
export function shellCommand(script: string): { command: string; args: string[]; verbatim: boolean } {
  if (process.platform !== 'win32') return { command: '/bin/sh', args: ['-c', script], verbatim: false };
  const command = process.env.ComSpec ?? 'cmd.exe';
  return { command, args: ['/d', '/s', '/c', `"${script}"`], verbatim: true };
}
