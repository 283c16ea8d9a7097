import type { Evidence } from './format.ts';

/** JSON has no NaN and no infinities, and an attribute may be one: as text they are `{ "$number": "NaN" }`. */
const KEY = '$number';

/** Evidence as one line of JSON. */
export function evidenceText(evidence: Evidence | null): string {
  return JSON.stringify(evidence, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? { [KEY]: String(value) } : value,
  );
}

/**
 * Reads what evidenceText wrote, or any part of it.
 * @throws SyntaxError when it is not JSON
 */
export function parseWithNumbers(text: string): unknown {
  // Reading each value of megabytes takes five times as long, and nearly no evidence needs it.
  return JSON.parse(text, text.includes(`"${KEY}"`) ? withNumber : undefined);
}

function withNumber(_: string, value: unknown): unknown {
  const found = (value as { [KEY]?: unknown } | null)?.[KEY];
  return found === 'NaN' || found === 'Infinity' || found === '-Infinity' ? Number(found) : value;
}
