import type { ColumnType } from './columns.ts';

/** One kind of value that was seen under a key, on rows themselves, on their scopes or on their resources. */
export interface CatalogueEntry {
  key: string;
  type: ColumnType;
  origin: 'row' | 'scope' | 'resource';
}

/** Which attributes there are. The rows hold their values as text; this remembers what they were sent as. */
export class Catalogue {
  readonly #byKey = new Map<string, CatalogueEntry[]>();

  constructor(entries: Iterable<CatalogueEntry> = []) {
    for (const entry of entries) this.add(entry);
  }

  /** @returns false when it was there already */
  add(entry: CatalogueEntry): boolean {
    const list = this.#byKey.get(entry.key);
    if (!list) this.#byKey.set(entry.key, [entry]);
    else if (list.some((other) => other.type === entry.type && other.origin === entry.origin)) return false;
    else list.push(entry);
    return true;
  }

  /** Takes an entry back whose rows could not be stored. */
  remove(entry: CatalogueEntry): void {
    const left = (this.#byKey.get(entry.key) ?? []).filter(
      (other) => other.type !== entry.type || other.origin !== entry.origin,
    );
    if (left.length > 0) this.#byKey.set(entry.key, left);
    else this.#byKey.delete(entry.key);
  }

  types(key: string): ColumnType[] {
    return [...new Set((this.#byKey.get(key) ?? []).map((entry) => entry.type))];
  }

  isInResources(key: string): boolean {
    return this.#isIn(key, 'resource');
  }

  isInScopes(key: string): boolean {
    return this.#isIn(key, 'scope');
  }

  /** All keys, sorted. */
  keys(): string[] {
    return [...this.#byKey.keys()].sort();
  }

  entries(): CatalogueEntry[] {
    return [...this.#byKey.values()].flat();
  }

  #isIn(key: string, origin: CatalogueEntry['origin']): boolean {
    return this.#byKey.get(key)?.some((entry) => entry.origin === origin) ?? false;
  }
}
