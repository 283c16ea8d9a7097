import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import sirv from 'sirv';
import { listenOnLoopback } from '../loopback-server.ts';
import { ownConfigOf } from './own-config.ts';

/** What the page reads from its config.json. */
export interface PageConfig {
  apiUrl: string;
  collectorUrl: string;
  /** the share of traces that the page keeps, 0 to 1 */
  tracesSampleRatio: number;
}

/** Serves a built page as its production server would: any unknown path gets index.html. */
export interface PageServer {
  /** `http://localhost:<port>`: what the API must allow as PAGE_ORIGIN */
  origin: string;
  /** the built files; until it is called every request waits */
  serve(directory: string): void;
  /** what this run says, from the next request for config.json on; what else the page's own says stays */
  configure(config: PageConfig): void;
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** Starts a page server on a free port of the loopback address. */
export async function startPageServer(): Promise<PageServer> {
  let config: PageConfig = { apiUrl: '', collectorUrl: '', tracesSampleRatio: 1 };
  let own: Record<string, unknown> = {};
  let files: Handler | null = null;
  const server = createServer((request, response) => {
    if (request.url?.split('?')[0] === '/config.json') {
      response.setHeader('content-type', 'application/json');
      response.setHeader('cache-control', 'no-store');
      response.end(JSON.stringify({ ...own, ...config }));
      return;
    }
    const missing = () => {
      response.statusCode = 404;
      response.end('not found');
    };
    if (files) files(request, response, missing);
    else missing();
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    origin: `http://localhost:${port}`,
    serve(directory) {
      own = ownConfigOf(directory);
      // Files with a hash in their name never change; what is served under one name differs from build to build.
      files = sirv(directory, { single: true, etag: true, maxAge: 0, dotfiles: false });
    },
    configure(next) {
      config = next;
    },
    close,
  };
}
