import { isIP } from 'node:net';

/**
 * Which Host and Origin headers are the lab's own. A page from anywhere can make a browser send requests to 127.0.0.1
 * under a name of its own (DNS rebinding), and from its own origin; neither must read traces.
 */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @param host the Host header, with or without a port */
export function isOwnHost(
  host: string | undefined,
  port: number,
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  if (host === undefined) return false;
  const name = host.toLowerCase().replace(/:\d+$/, '');
  return LOOPBACK.has(name) || name === codespaceHost(port, environment);
}

/**
 * Whose spans are taken: programs of this machine, and those in its containers, which know it by an address or by the
 * name that Docker gives it. A page that has its own name lead here (DNS rebinding) sends that name.
 * @param host the Host header, with or without a port
 */
export function isSendersHost(host: string | undefined, port: number): boolean {
  if (host === undefined) return false;
  const name = host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1');
  return isIP(name) !== 0 || name === 'host.docker.internal' || isOwnHost(host, port);
}

/**
 * Another port of this machine is another origin: Murmur's page is not the lab's. Codespaces forwards a request of the
 * codespace's own page with the origin http://localhost, with or without the port, and leaves foreign origins alone.
 * @param origin the Origin header
 */
export function isOwnOrigin(
  origin: string,
  port: number,
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname, port: originPort, protocol } = new URL(origin);
  const space = codespaceHost(port, environment);
  if (protocol === 'https:' && hostname === space) return originPort === '';
  if (!LOOPBACK.has(hostname)) return false;
  return originPort === String(port) || (space !== null && originPort === '');
}

/** Under which name GitHub forwards the port, in lower case; null outside of a codespace. */
function codespaceHost(port: number, environment: NodeJS.ProcessEnv): string | null {
  const { CODESPACE_NAME: space, GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: domain } = environment;
  return space && domain ? `${space}-${port}.${domain}`.toLowerCase() : null;
}
