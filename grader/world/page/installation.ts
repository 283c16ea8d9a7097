import { statSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@workshop/base';

/**
 * When the packages were installed, as npm writes it down at the end of each install: Unix epoch milliseconds. Null
 * while an install is under way. What fails then says nothing about the tree.
 */
export function installedMs(): number | null {
  try {
    return statSync(join(repositoryRoot, 'node_modules/.package-lock.json')).mtimeMs;
  } catch {
    return null;
  }
}
