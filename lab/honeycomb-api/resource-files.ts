import { createHash, randomInt } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomically } from '@workshop/base/files';

/** Small letters only: two names that differ in case are one file on macOS and Windows. */
const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 12;

/** An id that nothing has yet. */
export function newId(): string {
  return Array.from({ length: ID_LENGTH }, () => DIGITS[randomInt(DIGITS.length)]).join('');
}

/** The same id for the same content. */
export function idOf(content: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return BigInt(`0x${hash}`).toString(36).padStart(ID_LENGTH, '0').slice(-ID_LENGTH);
}

/**
 * Resources of one kind, in memory and each in a file of its own: what was answered is there after a restart, and one
 * that is broken takes no other with it. Ids that come from an address are looked up, and never become a path.
 */
export class ResourceFiles<T extends object> {
  readonly #dir: string;
  readonly #byId = new Map<string, T>();

  /** @param onBroken gets the path of each file that cannot be read; it stays as it is */
  constructor(dir: string, onBroken: (file: string) => void) {
    this.#dir = dir;
    mkdirSync(dir, { recursive: true });
    for (const name of readdirSync(dir).sort()) {
      const id = /^([0-9a-z]{12})\.json$/.exec(name)?.[1];
      if (id === undefined) continue;
      const file = path.join(dir, name);
      try {
        const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
        if (typeof value !== 'object' || value === null) throw new TypeError('no object');
        this.#byId.set(id, value as T);
      } catch {
        onBroken(file);
      }
    }
  }

  get(id: string): T | undefined {
    return this.#byId.get(id);
  }

  /** All of them with their ids, the oldest first as long as the lab runs. */
  entries(): [string, T][] {
    return [...this.#byId];
  }

  /** Resolves when it is on disk. */
  async put(id: string, value: T): Promise<T> {
    await writeAtomically(this.#file(id), `${JSON.stringify(value, null, 2)}\n`);
    this.#byId.set(id, value);
    return value;
  }

  async delete(id: string): Promise<void> {
    await rm(this.#file(id), { force: true });
    this.#byId.delete(id);
  }

  #file(id: string): string {
    return path.join(this.#dir, `${id}.json`);
  }
}
