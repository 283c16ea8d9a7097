/** What a failed answer says, in the three forms that Honeycomb uses. */
export interface Problem {
  title: string;
  details: string[];
}

/**
 * Reads an error body: legacy `{"error"}`, RFC 7807 with `title`, `detail` and `type_detail` (422), or JSON:API.
 * Never throws: a body that is none of them (a proxy's page) becomes its first words.
 */
export function readProblem(body: string): Problem {
  let data: unknown;
  try {
    data = JSON.parse(body);
  } catch {
    return { title: firstWords(body), details: [] };
  }
  if (!isRecord(data)) return { title: firstWords(body), details: [] };
  if (Array.isArray(data.errors)) {
    const errors = data.errors.filter(isRecord);
    return {
      title: text(errors[0]?.title) ?? text(errors[0]?.code) ?? '',
      details: errors.map((e) => text(e.detail)).filter((d) => d !== undefined),
    };
  }
  const title = text(data.error) ?? text(data.title) ?? '';
  const details = Array.isArray(data.type_detail) ? data.type_detail.filter(isRecord).map(describeField) : [];
  const detail = text(data.detail);
  if (detail !== undefined && detail !== title) details.unshift(detail);
  return { title, details };
}

function describeField(item: Record<string, unknown>): string {
  const field = text(item.field);
  const words = text(item.description) ?? text(item.code) ?? 'is not valid';
  return field && !words.startsWith(field) ? `${field}: ${words}` : words;
}

function firstWords(body: string): string {
  const words = body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return words.length > 120 ? `${words.slice(0, 120)}...` : words;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
