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
  /** of Honeycomb */
  key?: Secret;
  /** of another collector: what it wants to see, by the names of its headers */
  headers?: Readonly<Record<string, Secret>>;
  /** the setting that holds the address */
  setting?: string;
  fetch?: typeof fetch;
  timeoutMs?: number;
}

/**
 * Sends one OTLP protobuf body to Honeycomb or another collector, once, and sorts the answer. No dataset header: in
 * an environment the dataset is the service's name.
 */
export async function sendTraces(
  target: TraceTarget,
  body: Uint8Array,
  stop?: AbortSignal,
): Promise<SendOutcome> {
  const { endpoint, key, headers = {}, timeoutMs = 30_000 } = target;
  const secrets = [...(key ? [key] : []), ...Object.values(headers)];
  const scrub: Scrub = (text) => secrets.reduce((scrubbed, secret) => secret.scrub(scrubbed), text);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await (target.fetch ?? fetch)(`${endpoint}/v1/traces`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-protobuf',
        'Content-Encoding': 'gzip',
        ...(key && { 'X-Honeycomb-Team': key.reveal() }),
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()])),
      },
      body: new Uint8Array(await compress(body)),
      redirect: 'manual',
      signal: stop ? AbortSignal.any([stop, timeout]) : timeout,
    });
    return await sort(response, scrub, target.setting ?? 'HONEYCOMB_API_ENDPOINT');
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    const words = cause?.code ?? cause?.message ?? (error as Error).message;
    return { kind: 'later', reason: scrub(`no connection (${words})`), askedMs: null };
  }
}

/** Takes secrets out of a text. */
type Scrub = (text: string) => string;

async function sort(response: Response, scrub: Scrub, setting: string): Promise<SendOutcome> {
  const { status } = response;
  if (status >= 200 && status < 300) {
    // The spans are taken, whatever happens to the rest of the answer.
    await response.arrayBuffer().catch(() => undefined);
    return { kind: 'sent' };
  }
  const text = await response.text().catch(() => '');
  const isText = /json|text/.test(response.headers.get('content-type') ?? '');
  const title = isText ? readProblem(text).title : '';
  const reason = scrub(title ? `status ${status}, "${title}"` : `status ${status}`);
  if (status === 401 || status === 403) return { kind: 'key', reason };
  if (status === 429 || status >= 500 || status === 408) {
    return { kind: 'later', reason, askedMs: retryAfterMs(response.headers, Date.now()) };
  }
  // A redirect or a 404 is a wrong address, not a wrong body: wait for a better setting.
  if (status === 404 || (status >= 300 && status < 400)) {
    return { kind: 'key', reason: `${reason}: check ${setting}` };
  }
  return { kind: 'refused', reason, tooLarge: status === 413 };
}
