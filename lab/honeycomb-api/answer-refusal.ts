import { BodyRefused, ReceiverBusy } from '@workshop/telemetry';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ClickHouseProblem, CollectsNothing } from '../clickhouse/index.ts';
import { QueryError } from '../query/index.ts';
import { StoreError } from '../store/index.ts';
import { Refusal } from './refusal.ts';

/** What an error becomes in Honeycomb's API. The lab's own faults go to `onFault`, and are no text for who asked. */
export function answerRefusal(onFault: (error: Error, request: FastifyRequest) => void) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const refusal = refusalOf(error);
    if (refusal === null) {
      onFault(error, request);
      return reply.code(500).send({ error: 'The lab failed at this request, and the fault is its own.' });
    }
    if (error instanceof ReceiverBusy) reply.header('retry-after', String(error.retryAfterSeconds));
    return reply.code(refusal.status).type(refusal.contentType).send(refusal.body);
  };
}

function refusalOf(error: FastifyError): Refusal | null {
  if (error instanceof Refusal) return error;
  // A body that is nested too deeply, or calculated fields beside the queries that are wrong.
  if (error instanceof QueryError) return Refusal.invalid(error.problems);
  if (error instanceof CollectsNothing) return Refusal.plain(501, error.text);
  if (error instanceof ClickHouseProblem) return Refusal.plain(503, error.text);
  if (error instanceof ReceiverBusy || error instanceof StoreError) return Refusal.plain(503, error.message);
  const status = error instanceof BodyRefused ? error.status : (error.statusCode ?? 500);
  if (status === 413)
    return Refusal.problem(413, 'payload-too-large', 'Request body is too large.', error.message);
  return status < 500 ? Refusal.unparseable(error.message) : null;
}
