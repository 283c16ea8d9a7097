/**
 * How long Honeycomb asks to wait, in milliseconds; null if it does not say.
 *
 * `RateLimit: limit=100, remaining=0, reset=60` is the draft-07 header, its reset is in seconds.
 * `Retry-After` is an HTTP date there, but seconds are lawful too (RFC 9110, 10.2.3).
 * The reset comes first: it needs no clock of ours to be right.
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | null {
  const reset = /(?:^|[\s,;])reset=(\d+)/i.exec(headers.get('ratelimit') ?? '');
  if (reset) return Number(reset[1]) * 1000;
  const text = headers.get('retry-after')?.trim();
  if (!text) return null;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/** Exponential backoff: base, 2 base, 4 base ... at most `maxMs`, each less up to a quarter at random. */
export function backoffMs(attempt: number, baseMs: number, maxMs: number, random = Math.random): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30));
  return full * (1 - random() / 4);
}
