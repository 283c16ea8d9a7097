import type { Draw } from '@workshop/base';
import type { SentRequest } from '../../evidence/index.ts';
import { StepFailed } from '../step-failed.ts';
import { sendRequest } from './http.ts';
import type { Person } from './person.ts';

export interface ApiAnswer {
  status: number;
  /** the parsed body, or the text when it is not JSON */
  // biome-ignore lint/suspicious/noExplicitAny: what the learner's API answers is not known
  body: any;
  request: SentRequest;
}

export interface CallOptions {
  /** who is signed in; left out: nobody */
  as?: Person;
  /** what the checks call this request by; by default `METHOD path` */
  label?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** 15,000 by default */
  timeoutMs?: number;
}

/** Sends requests to the learner's API, one after another unless the scenario awaits several at once. */
export interface ApiActions {
  get(path: string, options?: CallOptions): Promise<ApiAnswer>;
  post(path: string, options?: CallOptions): Promise<ApiAnswer>;
  request(method: string, path: string, options?: CallOptions): Promise<ApiAnswer>;
  /** publishes a post and tells its id; ends the scenario when the answer holds none */
  publish(text: string, options: CallOptions): Promise<string>;
  /** the posts of that person's feed; ends the scenario when the answer holds none */
  feedOf(person: Person): Promise<Post[]>;
}

/** What a scenario needs to know of a post. */
export interface Post {
  id: string;
  likedByMe: boolean;
}

/** The driver's own client of the learner's API. It signs people in when they first ask for something. */
export class ApiClient implements ApiActions {
  /** all that was sent, in the order of the answers */
  readonly requests: SentRequest[];
  readonly #baseUrl: string;
  readonly #draw: Draw;
  readonly #tokens: Map<string, string>;

  /** @param first a client that writes down the requests and sessions of both */
  constructor(baseUrl: string, draw: Draw, first?: ApiClient) {
    this.#baseUrl = baseUrl;
    this.#draw = draw;
    this.requests = first?.requests ?? [];
    this.#tokens = first ? first.#tokens : new Map();
  }

  /** The same client of another instance of the API, which knows the same sessions. */
  at(baseUrl: string): ApiActions {
    return new ApiClient(baseUrl, this.#draw, this);
  }

  get(path: string, options?: CallOptions): Promise<ApiAnswer> {
    return this.request('GET', path, options);
  }

  post(path: string, options?: CallOptions): Promise<ApiAnswer> {
    return this.request('POST', path, options);
  }

  async request(method: string, path: string, options: CallOptions = {}): Promise<ApiAnswer> {
    return this.#send(method, path, options, options.as ? await this.tokenOf(options.as) : null);
  }

  async publish(text: string, options: CallOptions): Promise<string> {
    const { status, body, request } = await this.post('/posts', { ...options, body: { text } });
    if (body?.id === undefined)
      throw new StepFailed(request.label, `POST /posts answered ${status} without an id`);
    return String(body.id);
  }

  async feedOf(person: Person): Promise<Post[]> {
    const { status, body, request } = await this.get('/feed', { as: person });
    const posts: unknown = body?.posts;
    if (!Array.isArray(posts) || posts.length === 0)
      throw new StepFailed(request.label, `GET /feed answered ${status} without posts`);
    return posts as Post[];
  }

  /** @throws StepFailed when the API does not let this person in */
  async tokenOf(person: Person): Promise<string> {
    const known = this.#tokens.get(person.id);
    if (known) return known;
    const answer = await this.#send(
      'POST',
      '/sessions',
      { body: { userId: person.id }, label: 'sign in' },
      null,
    );
    if (answer.status !== 201 || typeof answer.body?.token !== 'string') {
      throw new StepFailed(`sign in as ${person.name}`, `POST /sessions answered ${answer.status}`);
    }
    this.#tokens.set(person.id, answer.body.token);
    return answer.body.token;
  }

  async #send(method: string, path: string, options: CallOptions, token: string | null): Promise<ApiAnswer> {
    const label = options.label ?? `${method} ${path}`;
    const { record, body } = await sendRequest({
      baseUrl: this.#baseUrl,
      id: `${this.#draw.word()}-${this.requests.length}`,
      label,
      method,
      path,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...options.headers },
      body: options.body,
      userId: options.as?.id ?? null,
      timeoutMs: options.timeoutMs ?? 15_000,
    });
    this.requests.push(record);
    if (record.status === null) throw new StepFailed(label, record.error ?? 'no answer');
    return { status: record.status, body: parsed(body), request: record };
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
