import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Engine } from './engine.ts';

/** A user of the front; what it lacks is refused as a server refuses it. */
export interface FrontUser {
  password: string;
  /** may only read, and change no setting: `readonly = 1` */
  readOnly?: boolean;
  /** may not read the table */
  noRights?: boolean;
}

export interface FrontOptions {
  users: Readonly<Record<string, FrontUser>>;
  /** any free one by default */
  port?: number;
  /** with them it speaks TLS */
  tls?: { key: string; cert: string };
  /** what a statement waits for before it runs */
  before?: (sql: string) => Promise<void> | undefined;
}

/** What the front was asked, for tests. */
export interface Front {
  url: string;
  port: number;
  /** ids of queries that were to be ended */
  readonly ended: string[];
  /** ids of queries whose asker hung up */
  readonly left: string[];
  /** names of what stood in addresses beside the parameters of statements */
  readonly settings: Set<string>;
  close(): Promise<void>;
}

/** What an address holds that is no setting. */
const OWN_NAMES = new Set(['query', 'query_id', 'database', 'default_format', 'session_id', 'role']);

/**
 * ClickHouse's HTTP interface, as far as its official client uses it to read, over the engine as a library: users,
 * parameters in the address or in a form, errors with their code. Statements and their errors are the engine's.
 */
export async function startFront(engine: Engine, options: FrontOptions): Promise<Front> {
  const ended: string[] = [];
  const left: string[] = [];
  const settings = new Set<string>();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    void respond(request, response).catch((error: Error) => refuse(response, error.message));
  };
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { searchParams } = new URL(request.url ?? '/', 'http://front');
    const fields = new Map(searchParams);
    const body = await textOf(request);
    const form = /boundary=(?:"([^"]+)"|([^;]+))/.exec(request.headers['content-type'] ?? '');
    if (form) for (const [name, value] of formFields(body, form[1] ?? form[2] ?? '')) fields.set(name, value);
    const sql = form || fields.has('query') ? (fields.get('query') ?? '') : body;
    const user = loginOf(request, options.users);
    const refusal = refusalOf(sql, user, fields);
    for (const name of fields.keys())
      if (!OWN_NAMES.has(name) && !name.startsWith('param_')) settings.add(name);
    if (refusal) return refuse(response, refusal);
    const parameters = parametersOf(sql, fields);
    if (/^\s*kill query/i.test(sql)) {
      ended.push(String(parameters.id));
      return void response.end();
    }
    const id = fields.get('query_id') ?? '';
    response.once('close', () => {
      if (!response.writableEnded) left.push(id);
    });
    await options.before?.(sql);
    response.setHeader('x-clickhouse-query-id', id);
    response.end(await engine.run(sql, parameters));
  };
  const server: Server = options.tls
    ? createSecureServer({ ...options.tls, maxHeaderSize: 1 << 20 }, answer)
    : createServer({ maxHeaderSize: 1 << 20 }, answer);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    ended,
    left,
    settings,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function formFields(body: string, boundary: string): [string, string][] {
  return body.split(`--${boundary}`).flatMap((part): [string, string][] => {
    const at = part.indexOf('\r\n\r\n');
    const name = /name="([^"]+)"/.exec(part.slice(0, at))?.[1];
    return at < 0 || name === undefined ? [] : [[name, part.slice(at + 4).replace(/\r\n$/, '')]];
  });
}

/** @returns null for a wrong name or password */
function loginOf({ headers }: IncomingMessage, users: FrontOptions['users']): FrontUser | null {
  const [, basic = ''] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
  const [name = '', ...password] = Buffer.from(basic, 'base64').toString().split(':');
  const user = users[name];
  return user?.password === password.join(':') ? user : null;
}

/** What a server says of users and rights; texts as ClickHouse 26 has them. */
function refusalOf(sql: string, user: FrontUser | null, fields: ReadonlyMap<string, string>): string | null {
  if (user === null)
    return 'Code: 516. DB::Exception: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)';
  if (user.noRights)
    return "Code: 497. DB::Exception: Not enough privileges. To execute this query, it's necessary to have the grant SHOW COLUMNS ON otel.otel_traces. (ACCESS_DENIED)";
  if (!user.readOnly) return null;
  const setting = [...fields.keys()].find((name) => !OWN_NAMES.has(name) && !name.startsWith('param_'));
  if (setting !== undefined)
    return `Code: 164. DB::Exception: Cannot modify '${setting}' setting in readonly mode. (READONLY)`;
  return /^\s*(select|with|describe|kill)\b/i.test(sql)
    ? null
    : 'Code: 164. DB::Exception: Cannot execute query in readonly mode. (READONLY)';
}

/** The values of a statement's parameters, by the types that it gives them; they come escaped. */
function parametersOf(sql: string, fields: ReadonlyMap<string, string>): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  for (const [, name = '', type = ''] of sql.matchAll(/\{(\w+):(\w+)\}/g)) {
    const text = fields.get(`param_${name}`);
    if (text === undefined) continue;
    if (type === 'String') parameters[name] = unescaped(text);
    else parameters[name] = type === 'Bool' ? text === '1' || text === 'true' : Number(text);
  }
  return parameters;
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r' };

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter);
}

function refuse(response: ServerResponse, message: string): void {
  const text = /Code: \d+\. DB::Exception:[\s\S]*/.exec(message)?.[0] ?? message;
  const code = /Code: (\d+)/.exec(text)?.[1] ?? '1002';
  if (response.headersSent) return void response.destroy();
  response.writeHead(code === '516' ? 403 : code === '60' || code === '81' ? 404 : 500, {
    'content-type': 'text/plain; charset=UTF-8',
    'x-clickhouse-exception-code': code,
  });
  response.end(text);
}
