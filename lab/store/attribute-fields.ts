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

/** What is known of an attribute's name. It is asked for with every value, so that all of it is found at once. */
interface AttributeName {
  /** position of its column; undefined: it has none, and is an entry */
  column: number | undefined;
  /** the model's own, or the weight of a span: never stored */
  isIgnored: boolean;
  /** as what its last value was sent */
  type: ColumnType | null;
  /** the row that has an entry of this name, and where */
  row: number;
  at: number;
}

/**
 * The attributes of one row, or of one resource, as text.
 *
 * `shape` remembers what text cannot: one line "letter key" for every value that was no text, and for every value
 * that hides one of the same name that was there before.
 */
export class AttributeFields {
  /** promoted attributes, at the positions of their columns */
  readonly columns: (string | number | null)[] = COLUMNS.map(() => null);
  /** names and texts of all others */
  readonly keys: string[] = [];
  readonly texts: string[] = [];
  readonly shape: string[] = [];
  readonly #names = new Map<string, AttributeName>();
  readonly #seen: (key: string, type: ColumnType) => void;
  #row = 1;

  /** @param seen called when values of a name begin to have this type */
  constructor(seen: (key: string, type: ColumnType) => void) {
    this.#seen = seen;
  }

  clear(): void {
    this.columns.fill(null);
    this.keys.length = 0;
    this.texts.length = 0;
    this.shape.length = 0;
    this.#row++;
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
    if (value === null || value === undefined || key === '') return;
    const name = this.#names.get(key) ?? this.#newName(key);
    if (name.isIgnored) return;
    const { column } = name;
    const letter = letterOf(value);
    const replaces = column === undefined ? name.row === this.#row : this.columns[column] !== null;
    if (column === undefined && !replaces && this.keys.length >= MAX_FIELDS) return;
    const text = textOf(value, letter);
    if (column !== undefined) this.columns[column] = text;
    else if (replaces) this.texts[name.at] = text;
    else {
      name.row = this.#row;
      name.at = this.keys.push(key) - 1;
      this.texts.push(text);
    }
    if (letter !== '' || replaces) this.shape.push(`${letter} ${key}`);
    const type = typeOf(value);
    if (type === name.type) return; // nearly always
    name.type = type;
    this.#seen(key, type);
  }

  #newName(key: string): AttributeName {
    const isIgnored = MODEL_NAMES.has(key) || key === SAMPLE_RATE_KEYS[0] || key === SAMPLE_RATE_KEYS[1];
    const name: AttributeName = { column: PROMOTED_INDEX.get(key), isIgnored, type: null, row: 0, at: 0 };
    this.#names.set(key, name);
    return name;
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
