import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from './finding.ts';

interface Lock {
  packages?: Record<string, { version?: string; link?: boolean; optional?: boolean }>;
}

/** Whether node_modules holds what the lock file says. npm keeps a list of what it installed in node_modules itself. */
export async function packagesFinding(root: string): Promise<Finding> {
  const what = 'Packages';
  const wanted = await lockAt(join(root, 'package-lock.json'));
  const installed = await lockAt(join(root, 'node_modules/.package-lock.json'));
  if (!wanted) {
    return {
      what,
      state: 'missing',
      text: 'package-lock.json is missing or broken.',
      advice: 'Get it back: git checkout package-lock.json',
    };
  }
  if (!installed) {
    return { what, state: 'missing', text: 'The packages are not installed.', advice: 'Run npm ci.' };
  }
  const wrong: string[] = [];
  for (const [path, { version, link, optional }] of Object.entries(wanted)) {
    if (!path.includes('node_modules/') || link) continue;
    const found = installed[path];
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    // Packages for other systems are optional, and rightly not there.
    if (!found && !optional) wrong.push(`${name} is missing`);
    else if (found && found.version !== version)
      wrong.push(`${name} is ${found.version}, wanted is ${version}`);
  }
  if (wrong.length === 0) {
    return { what, state: 'ok', text: 'They are installed, in step with package-lock.json.' };
  }
  const more = wrong.length > 1 ? `, and ${wrong.length - 1} more` : '';
  return {
    what,
    state: 'missing',
    text: `They are out of step with package-lock.json: ${wrong[0]}${more}.`,
    advice: 'Run npm ci.',
  };
}

async function lockAt(path: string): Promise<Lock['packages'] | null> {
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as Lock).packages ?? null;
  } catch {
    return null;
  }
}
