import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Bytes; it is written by hand. */
const LARGEST = 64 * 1024;

/**
 * What the learner's own public/config.json says, from a built page. It counts beside the addresses of a run, which are
 * put over it. One that is missing or cannot be read says nothing: the page itself shows what is wrong with it.
 */
export function ownConfigOf(directory: string): Record<string, unknown> {
  try {
    const file = path.join(directory, 'config.json');
    if (statSync(file).size > LARGEST) return {};
    const value: unknown = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}
