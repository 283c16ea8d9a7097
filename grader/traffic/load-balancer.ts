import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds between two health checks. */
const EVERY_MS = 1000;

/**
 * Asks for `/health` once a second, as a load balancer does, until it is told to stop. What is answered is nobody's
 * business here.
 * @returns how often it asked
 */
export async function pollHealth(apiUrl: string, stop: AbortSignal, everyMs = EVERY_MS): Promise<number> {
  const address = `${apiUrl.replace(/\/$/, '')}/health`;
  let asked = 0;
  while (!stop.aborted) {
    asked++;
    await fetch(address, {
      headers: { 'user-agent': 'load-balancer/1.0' },
      signal: AbortSignal.any([stop, AbortSignal.timeout(everyMs)]),
    })
      .then(({ body }) => body?.cancel())
      .catch(() => {});
    await delay(everyMs, undefined, { signal: stop }).catch(() => {});
  }
  return asked;
}
