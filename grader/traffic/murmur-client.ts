import { TRAFFIC_USER_AGENT } from './user-agent.ts';

/** One request as its sender saw it. */
export interface Sample {
  /** method and route with placeholders: `POST /posts/:id/likes` */
  route: string;
  /** null: no answer */
  status: number | null;
  durationMs: number;
  /** handle of the signed-in user, null when anonymous */
  handle: string | null;
}

export interface Answer {
  status: number | null;
  // biome-ignore lint/suspicious/noExplicitAny: JSON of an API that this room knows from outside only
  body: any;
}

export interface RequestOptions {
  route: string;
  handle?: string;
  token?: string;
  body?: unknown;
}

const TIMEOUT_MS = 15_000;

/** Sends requests to Murmur's API and keeps how each went. Never rejects for a request that fails. */
export class MurmurClient {
  readonly samples: Sample[] = [];
  readonly #baseUrl: string;

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl.replace(/\/$/, '');
  }

  get(path: string, options: RequestOptions): Promise<Answer> {
    return this.#send('GET', path, options);
  }

  post(path: string, options: RequestOptions): Promise<Answer> {
    return this.#send('POST', path, options);
  }

  async #send(method: string, path: string, options: RequestOptions): Promise<Answer> {
    const { route, handle = null, token, body } = options;
    const began = performance.now();
    let status: number | null = null;
    let text = '';
    try {
      const response = await fetch(this.#baseUrl + path, {
        method,
        headers: {
          accept: 'application/json',
          'user-agent': TRAFFIC_USER_AGENT,
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await response.text();
      status = response.status;
    } catch {
      // No answer: the sample says so.
    }
    this.samples.push({ route: `${method} ${route}`, status, durationMs: performance.now() - began, handle });
    return { status, body: parsed(text) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
