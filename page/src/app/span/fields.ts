import type { Attributes } from '@workshop/telemetry/pure';
import { textOf } from '../text/search-terms';
import { shownLine } from '../text/shown';

/** One key and its value, as the drawer lists them. */
export interface Field {
  /** as it was sent */
  key: string;
  /** safe to show */
  name: string;
  text: string;
}

/** By key. */
export function fieldsOf(attributes: Attributes): Field[] {
  return Object.entries(attributes)
    .map(([key, value]) => ({ key, name: shownLine(key), text: textOf(value) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Those whose key or value has the text; all when it is empty. */
export function fieldsWith(fields: readonly Field[], text: string): readonly Field[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return fields;
  return fields.filter(
    ({ key, text }) => key.toLowerCase().includes(wanted) || text.toLowerCase().includes(wanted),
  );
}
