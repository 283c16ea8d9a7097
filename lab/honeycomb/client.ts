import { setTimeout as delay } from 'node:timers/promises';
import { EXIT_CODES, WorkshopError } from '@workshop/base';
import { readProblem } from './problem.ts';
import { backoffMs, retryAfterMs } from './retry-after.ts';
import type { Secret } from './secret.ts';

/** A request that did not work. The message is for a person and holds no key. */
export class HoneycombError extends WorkshopError {
  override name = 'HoneycombError';
  /** HTTP status; 0 if there was no answer. */
  readonly status: number;
  /** True if the request may have been carried out all the same: no answer, or a 5xx. */
  readonly uncertain: boolean;

  constructor(message: string, status: number) {
    super(message, { exitCode: EXIT_CODES.failed });
    this.status = status;
    this.uncertain = status === 0 || status >= 500;
  }
}

export interface ClientOptions {
  /** Base URL without a slash at the end. */
  endpoint: string;
  key: Secret;
  /** For tests and for recording; the global fetch by default. */
  fetch?: typeof fetch;
  /** Milliseconds for one try, 15,000 by default. */
  timeoutMs?: number;
  /** Tries in all, 5 by default. */
  tries?: number;
  /** The longest wait between two tries, 60,000 ms by default. If Honeycomb asks for more, the request fails. */
  maxWaitMs?: number;
  /** First wait of the backoff, 500 ms by default. */
  baseWaitMs?: number;
  sleep?: (ms: number) => Promise<unknown>;
  /** Told before each wait. */
  onWait?: (reason: string, ms: number) => void;
}

export interface RequestOptions {
  query?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, with these headers; excludes `json`. */
  body?: Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  /**
   * False: only a 429 is tried again, since it says that nothing was done. For a creation that would
   * otherwise be done twice. True by default.
   */
  repeatable?: boolean;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

export interface Client {
  readonly endpoint: string;
  /** The answer of a request that worked (2xx); throws HoneycombError. */
  send(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  /** The same, with the body read as JSON. */
  json<T>(method: string, path: string, options?: RequestOptions): Promise<T>;
}

/**
 * The one way from here to Honeycomb's API: adds the key, limits the time, tries again on 429 (as RateLimit or
 * Retry-After ask) and on 5xx or no answer (with backoff), and turns each failure into one readable message.
 */
export function createClient(options: ClientOptions): Client {
  const { endpoint, key, timeoutMs = 15_000, tries = 5, maxWaitMs = 60_000, baseWaitMs = 500 } = options;
  const doFetch = options.fetch ?? fetch;
  const sleep = options.sleep ?? delay;

  async function once(method: string, path: string, request: RequestOptions): Promise<Answer> {
    const url = new URL(endpoint + path);
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
    const headers = new Headers(request.headers);
    headers.set('X-Honeycomb-Team', key.reveal());
    let body: Uint8Array<ArrayBuffer> | string | undefined = request.body;
    if (request.json !== undefined) {
      headers.set('Content-Type', 'application/json');
      body = JSON.stringify(request.json);
    }
    try {
      // fetch would carry X-Honeycomb-Team to another host on a redirect, so none is followed.
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await doFetch(url, { method, headers, body, signal, redirect: 'manual' });
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (error) {
      throw new HoneycombError(
        key.scrub(`${describeTrouble(error, timeoutMs)} at ${new URL(endpoint).host}`),
        0,
      );
    }
  }

  async function send(method: string, path: string, request: RequestOptions = {}): Promise<Answer> {
    const { repeatable = true } = request;
    for (let attempt = 0; ; attempt++) {
      let failure: HoneycombError;
      let asked: number | null = null;
      try {
        const answer = await once(method, path, request);
        if (answer.status >= 200 && answer.status < 300) return answer;
        asked = retryAfterMs(answer.headers, Date.now());
        failure = new HoneycombError(key.scrub(describeAnswer(method, path, answer)), answer.status);
      } catch (error) {
        if (!(error instanceof HoneycombError)) throw error;
        failure = error;
      }
      const mayRepeat = failure.status === 429 || (repeatable && failure.uncertain);
      if (!mayRepeat || attempt + 1 >= tries) throw failure;
      if (asked !== null && asked > maxWaitMs) {
        const seconds = Math.ceil(asked / 1000);
        throw new HoneycombError(
          `${failure.message}\nHoneycomb asks to wait ${seconds} seconds. Try again then.`,
          failure.status,
        );
      }
      const wait = asked || backoffMs(attempt, baseWaitMs, maxWaitMs);
      options.onWait?.(failure.message, wait);
      await sleep(wait);
    }
  }

  return {
    endpoint,
    send,
    async json<T>(method: string, path: string, request?: RequestOptions): Promise<T> {
      const answer = await send(method, path, request);
      try {
        return JSON.parse(answer.text) as T;
      } catch {
        throw new HoneycombError(
          `${method} ${path}: the answer is not JSON. Is this Honeycomb's address?`,
          answer.status,
        );
      }
    },
  };
}

function describeTrouble(error: unknown, timeoutMs: number): string {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return `No answer within ${timeoutMs / 1000} s`;
  const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
  return `No connection (${cause?.code ?? cause?.message ?? (error as Error).message})`;
}

function describeAnswer(method: string, path: string, answer: Answer): string {
  if (answer.status >= 300 && answer.status < 400) {
    return `${method} ${path}: the server answers with a redirect (${answer.status}). Check HONEYCOMB_API_ENDPOINT.`;
  }
  const { title, details } = readProblem(answer.text);
  const head = `${method} ${path}: Honeycomb says ${answer.status}${title ? `, "${title}"` : ''}`;
  const hint = HINTS[answer.status];
  return [head, ...details.map((d) => `  ${d}`), ...(hint ? [`  ${hint}`] : [])].join('\n');
}

const HINTS: Record<number, string> = {
  401: 'The key is unknown there, or of the wrong kind. Run: npm run honeycomb -- check',
  403: 'The key lacks a permission. Run: npm run honeycomb -- check',
};
