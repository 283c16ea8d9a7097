import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { writeAtomically } from '@workshop/base/files';
import type { HistoryEntry } from '../api/index.ts';

const MOST = 100;
/** Of one query as JSON, characters: what is longer is a file, and not a question to come back to. */
const LONGEST = 20_000;

/** The queries that ran in the page, in a file beside the lab's data, so that a restart keeps them. */
export class QueryHistoryFile {
  readonly #file: string;
  /** One change after the other: each reads what the one before has written. */
  #changes: Promise<unknown> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  /** The newest first. A file that cannot be read is as good as none. */
  async entries(): Promise<HistoryEntry[]> {
    const text = await readFile(this.#file, 'utf8').catch(() => '[]');
    try {
      const value: unknown = JSON.parse(text);
      return Array.isArray(value) ? value.filter(isEntry).slice(0, MOST) : [];
    } catch {
      return [];
    }
  }

  /** Puts a query first; one that is there already moves. */
  add(query: Record<string, unknown>, now = new Date()): Promise<HistoryEntry[]> {
    const change = this.#changes.then(async () => {
      const before = await this.entries();
      if (JSON.stringify(query).length > LONGEST) return before;
      const same = before.find((entry) => isDeepStrictEqual(entry.query, query));
      const entry = { query, at: now.toISOString(), times: (same?.times ?? 0) + 1 };
      const entries = [entry, ...before.filter((one) => one !== same)].slice(0, MOST);
      await writeAtomically(this.#file, `${JSON.stringify(entries)}\n`, { durable: false });
      return entries;
    });
    this.#changes = change.catch(() => {});
    return change;
  }
}

function isEntry(value: unknown): value is HistoryEntry {
  const { query, at, times } = (value ?? {}) as Partial<HistoryEntry>;
  return (
    typeof query === 'object' &&
    query !== null &&
    !Array.isArray(query) &&
    typeof at === 'string' &&
    Number.isInteger(times)
  );
}
