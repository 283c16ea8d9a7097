import { KeptPage } from '@workshop/page';
import { type ApiOptions, createApi, type Mount } from './api.ts';

export const LAB_PORT = 4000;

/** What a lab is asked for, however it comes to its spans. */
export interface ServeOptions {
  /** folder of the data */
  dir: string;
  /** of the page and the HTTP API; 4000 by default, 0 for any free one */
  port?: number;
  host?: string;
  /** folder of the saved queries: the calculated fields beside them belong to every query */
  queries?: string;
  /** Serves the page, and builds it first when its sources are new. Nobody waits for it. */
  page?: boolean;
  /** adds routes of its own, and may publish events */
  mount?: Mount;
  /** gets a line for each request that the lab failed at */
  log?: (line: string) => void;
}

/**
 * The HTTP API of a lab, and its page where one is asked for, at their port.
 * @param closers gets what ends them
 * @throws an error with code EADDRINUSE when the port is taken
 */
export async function serveApi(
  options: ServeOptions,
  over: Pick<ApiOptions, 'store' | 'thread' | 'collector' | 'events'>,
  closers: (() => Promise<unknown>)[],
): Promise<{ url: string; page: KeptPage | null }> {
  const { dir, queries, mount, log } = options;
  const page = options.page ? new KeptPage() : null;
  if (page) closers.push(() => page.close());
  const server = await createApi({
    ...over,
    ...{ dir, queries, mount, log },
    page: page ?? undefined,
    onFault: (error, { method, url }) => log?.(`${method} ${url} failed: ${error.message}`),
  });
  closers.push(() => server.close());
  const url = await server.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? LAB_PORT });
  return { url, page };
}
