import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { readProblem } from '../problem.ts';
import { retryAfterMs } from '../retry-after.ts';
import type { Secret } from '../secret.ts';

const compress = promisify(gzip);

/** What became of one request to `/v1/traces`. Reasons hold no key. */
export type SendOutcome =
  | { kind: 'sent' }
  /** Not now: the same body may work later. `askedMs` is what the server asks to wait. */
  | { kind: 'later'; reason: string; askedMs: number | null }
  /** The key is refused: it will work once the key is right. */
  | { kind: 'key'; reason: string }
  /** This body will never be taken. */
  | { kind: 'refused'; reason: string; tooLarge: boolean };

export interface TraceTarget {
  /** Base URL; `/v1/traces` is added. */
  endpoint: string;
  key: Secret;
  fetch?: typeof fetch;
  timeoutMs?: number;
}

/**
 * Sends one OTLP protobuf body to Honeycomb, once, and sorts the answer. No dataset header: in an
 * environment the dataset is the service's name.
 */
export async function sendTraces(
  target: TraceTarget,
  body: Uint8Array,
  stop?: AbortSignal,
): Promise<SendOutcome> {
  const { endpoint, key, timeoutMs = 30_000 } = target;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await (target.fetch ?? fetch)(`${endpoint}/v1/traces`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-protobuf',
        'Content-Encoding': 'gzip',
        'X-Honeycomb-Team': key.reveal(),
      },
      body: new Uint8Array(await compress(body)),
      redirect: 'manual',
      signal: stop ? AbortSignal.any([stop, timeout]) : timeout,
    });
    return await sort(response, key);
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    const words = cause?.code ?? cause?.message ?? (error as Error).message;
    return { kind: 'later', reason: key.scrub(`no connection (${words})`), askedMs: null };
  }
}

async function sort(response: Response, key: Secret): Promise<SendOutcome> {
  const { status } = response;
  if (status >= 200 && status < 300) {
    // The spans are taken, whatever happens to the rest of the answer.
    await response.arrayBuffer().catch(() => undefined);
    return { kind: 'sent' };
  }
  const text = await response.text().catch(() => '');
  const isText = /json|text/.test(response.headers.get('content-type') ?? '');
  const title = isText ? readProblem(text).title : '';
  const reason = key.scrub(title ? `status ${status}, "${title}"` : `status ${status}`);
  if (status === 401 || status === 403) return { kind: 'key', reason };
  if (status === 429 || status >= 500 || status === 408) {
    return { kind: 'later', reason, askedMs: retryAfterMs(response.headers, Date.now()) };
  }
  // A redirect or a 404 is a wrong address, not a wrong body: wait for a better setting.
  if (status === 404 || (status >= 300 && status < 400)) {
    return { kind: 'key', reason: `${reason}: check HONEYCOMB_API_ENDPOINT` };
  }
  return { kind: 'refused', reason, tooLarge: status === 413 };
}
