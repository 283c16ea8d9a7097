/**
 * Which Host headers the API answers. A page from anywhere can make a browser send requests to 127.0.0.1 under a
 * name of its own (DNS rebinding); such a request must not read traces.
 */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @param host the Host header, with or without a port */
export function isAllowedHost(
  host: string | undefined,
  port: number,
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  if (host === undefined) return false;
  const name = host.toLowerCase().replace(/:\d+$/, '');
  if (LOOPBACK.has(name)) return true;
  const { CODESPACE_NAME: space, GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: domain } = environment;
  return space !== undefined && domain !== undefined && name === `${space}-${port}.${domain}`.toLowerCase();
}
