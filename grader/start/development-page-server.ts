import { existsSync } from 'node:fs';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import sirv from 'sirv';
import { ownConfigOf } from '../world/index.ts';

export interface PageServerOptions {
  /** Folder of the built page; it may come later and be replaced at any time. */
  dist: string;
  port: number;
  /** What /config.json says to a request with these headers, over what the page's own config.json says. */
  config: (headers: IncomingHttpHeaders) => object;
  /** Host headers that are answered, in lower case, with the port. */
  hosts: readonly string[];
  /** First part of a path to the local port that gets the rest of it, such as `{ api: 3000 }`. */
  passOn: Readonly<Record<string, number>>;
}

export interface PageServer {
  port: number;
  close(): Promise<void>;
}

const BUILDING = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="1">
<title>Murmur is being built</title><p>The page is being built. This takes about ten seconds the first time.
<p>Does this text stay? Look for an error after [page] in the terminal.`;

/** Serves the built page on the loopback address: its files, index.html for its own routes, and config.json. */
export async function startDevelopmentPageServer(options: PageServerOptions): Promise<PageServer> {
  // `dev` reads the folder at each request and forbids caching.
  const files = sirv(options.dist, { dev: true, single: true });
  const server = createServer((incoming, response) => {
    const [, first = ''] = /^\/([^/?]*)/.exec(incoming.url ?? '/') ?? [];
    const target = options.passOn[first];
    if (!options.hosts.includes((incoming.headers.host ?? '').toLowerCase())) {
      // A page from anywhere can reach this server under a name of its own (DNS rebinding).
      response.writeHead(403, { 'content-type': 'text/plain' }).end('Unknown host.\n');
    } else if (target !== undefined) {
      passOn(incoming, response, target, first.length + 1);
    } else if (first === 'config.json') {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(JSON.stringify({ ...ownConfigOf(options.dist), ...options.config(incoming.headers) }));
    } else if (!existsSync(path.join(options.dist, 'index.html'))) {
      response.writeHead(503, { 'content-type': 'text/html', 'retry-after': '1' }).end(BUILDING);
    } else {
      // Of a file that grows while it is sent sirv sends more than it announced. On a connection that stays open the
      // rest would be taken for the beginning of the next answer.
      response.setHeader('connection', 'close');
      files(incoming, response, () => void response.writeHead(404).end());
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Passes a request on to a server of this machine, headers as they are but for the host. */
function passOn(
  incoming: IncomingMessage,
  response: ServerResponse,
  port: number,
  prefixLength: number,
): void {
  const rest = (incoming.url ?? '/').slice(prefixLength);
  const outgoing = request({
    host: '127.0.0.1',
    port,
    method: incoming.method,
    path: rest.startsWith('/') ? rest : `/${rest}`,
    headers: { ...incoming.headers, host: `localhost:${port}` },
  });
  outgoing.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.once('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502, { 'content-type': 'text/plain' }).end(`Nothing answers on port ${port}.\n`);
  });
  response.once('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}
