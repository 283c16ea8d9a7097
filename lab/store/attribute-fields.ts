import { type Attributes, type AttributeValue, SAMPLE_RATE_KEYS } from '@workshop/telemetry';
import { COLUMNS, type ColumnType, MODEL_NAMES, PROMOTED_INDEX } from './columns.ts';

/** Longest text kept for one attribute, in characters (Honeycomb: 64 KB a field). */
const MAX_TEXT = 65_535;
/** Nested objects are flattened with dots this deep, deeper ones become JSON text (husky). */
const MAX_DEPTH = 5;
/** Fields of one row (Honeycomb refuses more). */
const MAX_FIELDS = 2_000;

/** Text, number, boolean, JSON text: how a value must be read back. */
type Letter = '' | 'n' | 'b' | 'j';

/**
 * The attributes of one row, or of one resource, as text.
 *
 * `shape` remembers what text cannot: one line "letter key" for every value that was no text, and for every value
 * that hides one of the same name that was there before.
 */
export class AttributeFields {
  /** promoted attributes, at the positions of their columns */
  readonly columns: (string | number | null)[] = COLUMNS.map(() => null);
  readonly entries = new Map<string, string>();
  readonly shape: string[] = [];
  readonly #seen: (key: string, type: ColumnType) => void;

  /** @param seen called for every value */
  constructor(seen: (key: string, type: ColumnType) => void) {
    this.#seen = seen;
  }

  clear(): void {
    this.columns.fill(null);
    this.entries.clear();
    this.shape.length = 0;
  }

  putAll(attributes: Attributes, prefix = '', depth = 1): void {
    for (const key in attributes) {
      const value = attributes[key];
      const name = prefix + key;
      if (value !== null && typeof value === 'object' && !Array.isArray(value) && depth <= MAX_DEPTH) {
        this.putAll(value, `${name}.`, depth + 1);
      } else this.put(name, value);
    }
  }

  /** A later value replaces an earlier one of the same name, as in Honeycomb. */
  put(key: string, value: AttributeValue | undefined): void {
    if (value === null || value === undefined || key === '' || MODEL_NAMES.has(key)) return;
    if (key === SAMPLE_RATE_KEYS[0] || key === SAMPLE_RATE_KEYS[1]) return;
    const promoted = PROMOTED_INDEX.get(key);
    if (promoted === undefined && this.entries.size >= MAX_FIELDS) return;
    const letter = letterOf(value);
    const replaces = promoted === undefined ? this.entries.has(key) : this.columns[promoted] !== null;
    const text = textOf(value, letter);
    if (promoted === undefined) this.entries.set(key, text);
    else this.columns[promoted] = text;
    if (letter !== '' || replaces) this.shape.push(`${letter} ${key}`);
    this.#seen(key, typeOf(value));
  }
}

function letterOf(value: AttributeValue): Letter {
  if (typeof value === 'string') return '';
  return typeof value === 'number' ? 'n' : typeof value === 'boolean' ? 'b' : 'j';
}

function typeOf(value: AttributeValue): ColumnType {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'float';
  return typeof value === 'boolean' ? 'boolean' : 'string';
}

function textOf(value: AttributeValue, letter: Letter): string {
  let text = letter === '' ? (value as string) : letter === 'j' ? JSON.stringify(value) : String(value);
  if (text.length > MAX_TEXT) text = text.slice(0, MAX_TEXT);
  // A NUL ends a text in DuckDB's C interface.
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}
