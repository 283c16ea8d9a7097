import { decompressBody } from '@workshop/telemetry';
import type { FastifyRequest } from 'fastify';
import type { LabApp } from '../server/app.ts';
import { Refusal } from './refusal.ts';

/** Honeycomb's limit for a batch, bytes, after decompression. */
export const MOST_BYTES = 5_000_000;

/**
 * Bodies are JSON, whatever their content type says: curl and older clients name another one. That a page of a foreign
 * origin could send them without a question does not matter: without a key's header nothing is read.
 */
export function acceptJsonBodies(app: LabApp): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: MOST_BYTES },
    async (request: FastifyRequest, body: Buffer) => {
      const encoding = String(request.headers['content-encoding'] ?? '');
      const sent = await decompressBody(body, encoding.trim().toLowerCase(), MOST_BYTES);
      const text = sent.toString('utf8');
      if (text.trim() === '') throw emptyBody();
      try {
        return JSON.parse(text);
      } catch (error) {
        throw Refusal.unparseable((error as Error).message);
      }
    },
  );
  // Nothing at all is not read by a parser.
  app.addHook('preValidation', async ({ method, body }) => {
    if ((method === 'POST' || method === 'PUT') && body === undefined) throw emptyBody();
  });
}

function emptyBody(): Refusal {
  return Refusal.plain(400, 'Request body should not be empty.');
}
