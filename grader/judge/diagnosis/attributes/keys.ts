/** Attributes that the libraries set are not what the learner wrote. */
const LIBRARY_KEYS =
  /^(?:http|url|net|network|server|client|user_agent|db|express|nestjs|component|error|exception|messaging|code|otel)\b/;

/** True for an attribute that the learner set, as far as its key tells. */
export function isOwnKey(key: string): boolean {
  return !LIBRARY_KEYS.test(key);
}

/** The text for use inside a regular expression. */
export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
