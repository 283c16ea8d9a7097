import type { ListedColumn } from '../api/index.ts';
import { type Catalogue, COLUMNS, type ColumnType, IS_ROOT } from '../store/index.ts';

/** Every column that a query can name: those of the model, then every attribute that was ever stored. */
export function columnList(catalogue: Catalogue): ListedColumn[] {
  const listed = new Map<string, ColumnType>();
  for (const column of COLUMNS) if (column.name && column.type) listed.set(column.name, column.type);
  listed.set('meta.signal_type', 'string');
  listed.set(IS_ROOT, 'boolean');
  for (const key of catalogue.keys()) if (!listed.has(key)) listed.set(key, oneType(catalogue.types(key)));
  return [...listed].map(([key_name, type]) => ({ key_name, type }));
}

function oneType(seen: readonly ColumnType[]): ColumnType {
  if (seen.length === 1) return seen[0] as ColumnType;
  return seen.every((type) => type === 'integer' || type === 'float') ? 'float' : 'string';
}
