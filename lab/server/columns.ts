import { COLUMNS, type ColumnType } from '../store/index.ts';

/** A column as Honeycomb lists it. */
export interface ListedColumn {
  key_name: string;
  type: ColumnType;
}

/** Every column that a query can name: those of the model, then every attribute that was ever stored. */
export function columnList(types: ReadonlyMap<string, readonly ColumnType[]>): ListedColumn[] {
  const listed = new Map<string, ColumnType>();
  for (const column of COLUMNS) if (column.name && column.type) listed.set(column.name, column.type);
  listed.set('meta.signal_type', 'string');
  const attributes = [...types].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, seen] of attributes) if (!listed.has(key)) listed.set(key, oneType(seen));
  return [...listed].map(([key_name, type]) => ({ key_name, type }));
}

function oneType(seen: readonly ColumnType[]): ColumnType {
  if (seen.length === 1) return seen[0] as ColumnType;
  return seen.every((type) => type === 'integer' || type === 'float') ? 'float' : 'string';
}
