import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Mutants that are right, by id, each with the reason why: no check may refuse them. Written by hand in
 * equivalent.json, after reading the diff.
 */
export function equivalentMutants(file = join(import.meta.dirname, 'equivalent.json')): Map<string, string> {
  return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>));
}
