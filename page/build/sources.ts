import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { repositoryRoot } from '@workshop/base';

/** Raised when the way of building changes, so that nothing built before is used. */
const BUILDER_VERSION = 1;

/** Files and folders, from the repository's root, that decide what the built page is. */
const READ = [
  'page/src',
  'page/public',
  'page/angular.json',
  'page/tsconfig.json',
  'page/tsconfig.app.json',
  'telemetry',
  'base/visible-text.ts',
  'grader/learn/shapes',
  'grader/report/shapes.ts',
  'package-lock.json',
];

/** Names what would be built: 16 hexadecimal digits of everything that the build reads. */
export function sourcesHash(root: string = repositoryRoot): string {
  const hash = createHash('sha256').update(String(BUILDER_VERSION));
  for (const start of READ) {
    for (const file of filesOf(join(root, start))) {
      const content = createHash('sha256').update(readFileSync(file)).digest('hex');
      hash.update(`${relative(root, file).split(sep).join('/')} ${content}\n`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** In the order of their names, tests left out. */
function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => !['node_modules', 'test'].includes(name) && !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name }) => filesOf(join(path, name)));
}
