import type { AddressInfo } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isOwnHost, isOwnOrigin } from './own-addresses.ts';
import { problem } from './problems.ts';

/**
 * A writing request must bear this header, with any value. A page of another origin cannot set it without asking
 * first, and the lab never says yes.
 */
export const WRITING_HEADER = 'x-murmur-lab';

/**
 * Honeycomb's clients send their key with it, and no other sign. For a page of another origin it is as `WRITING_HEADER`
 * is: no browser sends it without asking first.
 */
const KEY_HEADER = 'x-honeycomb-team';

interface Refusal {
  status: 403 | 415;
  text: string;
}

/**
 * Who may ask: programs of this machine and the lab's own page. Any other page that a browser shows can reach this
 * port, too; the browser tells by Host, Origin and Sec-Fetch-Site whose request it is.
 */
export async function guard(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header('x-content-type-options', 'nosniff').header('cross-origin-resource-policy', 'same-origin');
  const refusal = foreign(request);
  if (refusal === null && request.routeOptions.config.honeycomb) return needKey(request, reply);
  await refuse(refusal ?? (isReading(request) ? null : unfitForWriting(request)), reply);
}

async function needKey({ headers }: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (headers[KEY_HEADER]) return;
  await reply.code(401).send({ error: 'unknown API key - check your credentials' });
}

async function refuse(refusal: Refusal | null, reply: FastifyReply): Promise<void> {
  if (refusal === null) return;
  const type = refusal.status === 415 ? 'unparseable' : 'forbidden';
  await reply.code(refusal.status).send(problem(refusal.status, type, refusal.text));
}

/** A route that is no GET writes, unless it says otherwise. */
function isReading({ method, routeOptions }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD' || routeOptions.config.readsOnly === true;
}

function foreign({ headers, method, server }: FastifyRequest): Refusal | null {
  const port = (server.server.address() as AddressInfo | null)?.port ?? 0;
  if (!isOwnHost(headers.host, port)) return { status: 403, text: 'The lab answers this machine only.' };
  const { origin, 'sec-fetch-site': site } = headers;
  const isOwn =
    (origin === undefined || isOwnOrigin(origin, port)) &&
    (site === undefined || site === 'same-origin' || site === 'none');
  // A link on any page may lead here: then the browser shows the answer, and that page does not get it.
  const isLink =
    (method === 'GET' || method === 'HEAD') &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document';
  return isOwn || isLink ? null : { status: 403, text: 'The lab answers its own page, and no other.' };
}

function unfitForWriting({ headers }: FastifyRequest): Refusal | null {
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? ''))
    return { status: 415, text: 'Send application/json.' };
  if (headers[WRITING_HEADER] === undefined)
    return { status: 403, text: `A request that changes something needs the header ${WRITING_HEADER}: 1.` };
  if (headers.origin === undefined && headers['sec-fetch-site'] !== 'same-origin')
    return {
      status: 403,
      text: "A request that changes something needs the header Origin, with the lab's address.",
    };
  return null;
}
