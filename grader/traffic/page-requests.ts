import type { Page, Request } from 'playwright-core';
import type { Sample } from './murmur-client.ts';

/**
 * Keeps how each request of this page to the API went. It only listens: a route would make Playwright answer
 * preflights itself. Preflights are the browser's own and do not show here.
 */
export function watchRequests(page: Page, apiUrl: string, handle: string, samples: Sample[]): void {
  const keep = (request: Request, status: number | null): void => {
    const path = pathOf(request.url(), apiUrl);
    if (path === null) return;
    const { responseEnd } = request.timing();
    samples.push({
      route: `${request.method()} ${routeOf(path)}`,
      status,
      durationMs: Math.max(0, responseEnd),
      handle,
    });
  };
  // The browser ends what is under way when the window closes: nobody waits for that answer.
  page.on(
    'requestfailed',
    (request) => request.failure()?.errorText !== 'net::ERR_ABORTED' && keep(request, null),
  );
  page.on('requestfinished', async (request) => {
    const response = await request.response().catch(() => null);
    if (response) keep(request, response.status());
  });
}

/** The path below the API's address, null for another one. */
function pathOf(url: string, apiUrl: string): string | null {
  const base = new URL(apiUrl);
  const { origin, pathname } = new URL(url);
  const prefix = base.pathname.replace(/\/$/, '');
  return origin === base.origin && pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : null;
}

/** `/posts/12/likes` as `/posts/:id/likes`: the page's requests are counted by route, as the others are. */
export function routeOf(path: string): string {
  return path.replace(/\/\d+(?=\/|$)/g, '/:id');
}
