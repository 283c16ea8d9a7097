import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeTraceRequest, encodeTraceResponse, type Span } from '@workshop/telemetry';
import { EnvironmentStore, Refusal } from './store.ts';

export interface StandInKey {
  type: 'configuration' | 'ingest';
  access?: Record<string, boolean>;
  environment?: string;
}

/** Trouble that the next matching requests meet. */
export interface Fault {
  times: number;
  /** HTTP status, or 'hang up': the connection is cut without an answer. */
  status: number | 'hang up';
  /** Only for requests like `POST /1/boards`. */
  match?: RegExp;
  headers?: Record<string, string>;
  /** The request is carried out first: the client cannot know. */
  afterwards?: boolean;
  body?: string;
}

export interface SeenRequest {
  method: string;
  path: string;
  status: number;
  spans?: Span[];
}

const CONFIGURATION_ACCESS = {
  events: true,
  columns: true,
  queries: false,
  boards: true,
  createDatasets: true,
  slos: true,
};

/**
 * A Honeycomb on loopback, written from its API's description and strict: method, path, header, content type,
 * body, limits, kinds of keys, immutable queries; 429 and 5xx when asked for.
 */
export class StandIn {
  readonly keys = new Map<string, StandInKey>();
  readonly requests: SeenRequest[] = [];
  readonly #environments = new Map<string, EnvironmentStore>();
  readonly #faults: Fault[] = [];
  readonly #server: Server;
  #port = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(keys: Record<string, StandInKey> = {}): Promise<StandIn> {
    const standIn = new StandIn();
    for (const [key, what] of Object.entries(keys)) standIn.keys.set(key, what);
    await standIn.goOnline();
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  environment(name = 'production'): EnvironmentStore {
    const known = this.#environments.get(name) ?? new EnvironmentStore();
    this.#environments.set(name, known);
    return known;
  }

  fail(fault: Fault): void {
    this.#faults.push(fault);
  }

  /** Every span that was answered 200, in the order of arrival. */
  get spans(): Span[] {
    return this.requests.filter((r) => r.status === 200).flatMap((r) => r.spans ?? []);
  }

  /** The requests since `from`, without reads: what changed something. */
  writes(from = 0): SeenRequest[] {
    return this.requests.slice(from).filter((r) => r.method !== 'GET');
  }

  /** Listens, on the same port as before. */
  async goOnline(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(this.#port, '127.0.0.1', () => resolve());
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Refuses connections from now on. */
  async goOffline(): Promise<void> {
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const method = request.method ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const seen: SeenRequest = { method, path: url.pathname, status: 0 };
    this.requests.push(seen);
    const fault = this.#faults.find(
      (f) => f.times > 0 && (f.match?.test(`${method} ${url.pathname}`) ?? true),
    );
    if (fault) fault.times--;
    let reply: Reply;
    try {
      reply =
        fault && !fault.afterwards
          ? faulty(fault)
          : this.#answer(method, url, request, Buffer.concat(chunks), seen);
      if (fault?.afterwards) reply = faulty(fault);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const type = 'type' in error.body ? 'application/problem+json' : 'application/json';
      reply = { status: error.status, type, body: JSON.stringify(error.body) };
    }
    if (reply.status === 'hang up') {
      response.destroy();
      return;
    }
    seen.status = reply.status;
    response.writeHead(reply.status, {
      ...(reply.type ? { 'Content-Type': reply.type } : {}),
      RateLimit: 'limit=100, remaining=50, reset=60',
      'RateLimit-Policy': '100;w=60',
      ...reply.headers,
    });
    response.end(reply.body);
  }

  #answer(method: string, url: URL, request: IncomingMessage, body: Buffer, seen: SeenRequest): Reply {
    const header = request.headers['x-honeycomb-team'];
    if (header === undefined && url.pathname === '/v1/traces') {
      return json(401, { error: "missing 'x-honeycomb-team' header" });
    }
    const key = this.keys.get(String(header));
    if (!key) throw new Refusal(401, { error: 'unknown API key - check your credentials' });
    const environment = this.environment(key.environment);
    const call = `${method} ${url.pathname}`;
    if (call === 'GET /1/auth') return json(200, describeKey(String(header), key));
    if (url.pathname === '/v1/traces') return takeTraces(method, request, body, environment, seen);
    // Everything below is for configuration keys only.
    if (key.type === 'ingest') throw new Refusal(401, { error: 'unknown API key - check your credentials' });
    const need = (permission: string) => {
      if (!(key.access ?? CONFIGURATION_ACCESS)[permission as never])
        throw new Refusal(403, { error: 'missing permission' });
    };
    const allowQuery = (...names: string[]) => {
      for (const name of url.searchParams.keys()) {
        if (!names.includes(name)) throw new Refusal(400, { error: `unknown query parameter ${name}` });
      }
    };
    const read = () => readJson(request, body);
    const parts = url.pathname.split('/').slice(1).map(decodeURIComponent);
    const [version, resource, a, b, ...more] = parts;
    if (version !== '1' || more.length > 0) throw new Refusal(404, { error: 'not found' });
    switch (`${method} ${resource} ${parts.length - 2}`) {
      case 'GET datasets 0':
        need('createDatasets');
        allowQuery();
        return json(
          200,
          [...environment.datasets].map((slug) => ({ name: slug, slug })),
        );
      case 'POST queries 1':
        need('columns');
        return json(200, environment.createQuery(a!, read()));
      case 'GET queries 2':
        need('columns');
        allowQuery();
        return json(200, environment.getQuery(a!, b!));
      case 'GET query_annotations 1':
        need('columns');
        allowQuery('include_board_annotations');
        return json(
          200,
          environment.listAnnotations(a!, url.searchParams.get('include_board_annotations') === 'true'),
        );
      case 'POST query_annotations 1':
        need('columns');
        return json(201, environment.createAnnotation(a!, read()));
      case 'PUT query_annotations 2':
        need('columns');
        return json(200, environment.updateAnnotation(a!, b!, read()));
      case 'GET boards 0':
        need('boards');
        return json(200, [...environment.boards.values()]);
      case 'POST boards 0':
        need('boards');
        return json(
          201,
          environment.createBoard(read(), (id) => `${this.url}/team/environments/production/board/${id}`),
        );
      case 'GET boards 1':
        need('boards');
        return json(200, environment.getBoard(a!));
      case 'PUT boards 1':
        need('boards');
        return json(200, environment.updateBoard(a!, read()));
      case 'GET derived_columns 1':
        need('columns');
        return json(200, environment.listNamed(a!, 'field'));
      case 'POST derived_columns 1':
        need('columns');
        return json(201, environment.createNamed(a!, 'field', read()));
      case 'PUT derived_columns 2':
        need('columns');
        return json(200, environment.updateNamed(a!, 'field', b!, read()));
      case 'GET slos 1':
        need('slos');
        return json(200, environment.listNamed(a!, 'slo'));
      case 'POST slos 1':
        need('slos');
        return json(201, environment.createNamed(a!, 'slo', read()));
      case 'PUT slos 2':
        need('slos');
        return json(200, environment.updateNamed(a!, 'slo', b!, read()));
      default:
        throw new Refusal(405, { error: `${call} is not part of the API` });
    }
  }
}

interface Reply {
  status: number | 'hang up';
  type?: string;
  body?: string | Uint8Array;
  headers?: Record<string, string>;
}

const json = (status: number, data: unknown): Reply => ({
  status,
  type: 'application/json',
  body: JSON.stringify(data),
});

function faulty({ status, headers, body }: Fault): Reply {
  if (status === 429) {
    const limited = {
      status,
      type: 'https://api.honeycomb.io/problems/rate-limited',
      title: 'You have exceeded your rate limit.',
      error: 'You have exceeded your rate limit.',
    };
    return { status, type: 'application/problem+json', body: body ?? JSON.stringify(limited), headers };
  }
  return {
    status,
    type: 'application/json',
    body: body ?? JSON.stringify({ error: `injected ${status}` }),
    headers,
  };
}

function describeKey(value: string, key: StandInKey) {
  const access = key.access ?? (key.type === 'ingest' ? { createDatasets: true } : CONFIGURATION_ACCESS);
  const environment = key.environment ?? 'production';
  return {
    id: value.slice(0, 8),
    type: key.type,
    api_key_access: access,
    environment: { name: environment === '' ? '' : `The ${environment}`, slug: environment },
    team: { name: 'The Team', slug: 'the-team' },
  };
}

function readJson(request: IncomingMessage, body: Buffer): unknown {
  if (request.headers['content-type'] !== 'application/json') {
    throw new Refusal(415, { error: 'Content-Type must be application/json' });
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Refusal(400, {
      status: 400,
      type: 'https://api.honeycomb.io/problems/unparseable',
      title: 'The request body could not be parsed.',
      error: 'invalid JSON',
    });
  }
}

function takeTraces(
  method: string,
  request: IncomingMessage,
  body: Buffer,
  environment: EnvironmentStore,
  seen: SeenRequest,
): Reply {
  if (method !== 'POST') return json(405, { error: 'POST only' });
  const contentType = request.headers['content-type'] ?? '';
  if (!/^application\/(x-protobuf|protobuf|json)$/.test(contentType))
    return json(415, { error: 'unsupported content type' });
  const encoding = request.headers['content-encoding'] ?? 'none';
  if (encoding !== 'none' && encoding !== 'gzip') return json(415, { error: 'unsupported encoding' });
  try {
    seen.spans = decodeTraceRequest(encoding === 'gzip' ? gunzipSync(body) : body, contentType).spans;
  } catch (error) {
    return json(400, { error: (error as Error).message });
  }
  for (const { resource } of seen.spans)
    environment.datasets.add(String(resource['service.name'] ?? 'unknown_service').trim());
  return { status: 200, type: contentType, body: encodeTraceResponse(contentType) };
}
