import type { IncomingHttpHeaders } from 'node:http';
import { isTraffic } from '../traffic/index.ts';
import type { Addresses } from './addresses.ts';

/**
 * What config.json says to this visitor. In Codespaces a person's browser is outside and needs paths on the page's
 * origin. The browser of `npm run traffic` is inside, reaches every port, and shows the two origins of most systems.
 *
 * The Host header alone does not tell: VS Code on a laptop forwards a codespace's page as localhost too, and the API's
 * port may be another there.
 */
export function configFor(
  headers: IncomingHttpHeaders,
  { config, localConfig }: Pick<Addresses, 'config' | 'localConfig'>,
): Addresses['config'] {
  const isLocal =
    headers['x-forwarded-host'] === undefined &&
    /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(headers.host ?? '');
  return isLocal && isTraffic(headers['user-agent']) ? localConfig : config;
}
