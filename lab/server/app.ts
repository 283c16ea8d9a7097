import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Static, TSchema } from '@sinclair/typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyTypeProvider,
  RawServerDefault,
} from 'fastify';
import type { Job, QueryThread } from '../query-thread/index.ts';

/** The type of a schema is the type of what it describes. */
export interface SchemaTypes extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
}

/** The HTTP server that routes are added to. A route's TypeBox schemas check it, document it and give its types. */
export type LabApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  SchemaTypes
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** It changes nothing, although it is no GET: what it is asked does not fit into an address. */
    readsOnly?: boolean;
    /** It is of Honeycomb's API, and for programs: whoever asks sends a key. */
    honeycomb?: boolean;
  }
}

/** Answers with what a job in the query thread gives, as fast as it is read. The job ends when the asker hangs up. */
export async function answerWith(
  thread: QueryThread,
  job: Job,
  reply: Pick<FastifyReply, 'raw' | 'type'>,
): Promise<never> {
  const asker = new AbortController();
  // The asker hung up: a query that nobody waits for would hold up the next one.
  reply.raw.once('close', () => asker.abort());
  const answer = await thread.run(job, asker.signal);
  // The text is JSON already, in the shape that the route's schema says.
  return reply.type('application/json; charset=utf-8').send(answer) as never;
}
