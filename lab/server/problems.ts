import { OtlpDecodeError, ReceiverBusy } from '@workshop/telemetry';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AmbiguousTraceId, UnknownTrace } from '../analysis/index.ts';
import type { Problem } from '../api/index.ts';
import { ClickHouseProblem, CollectsNothing } from '../clickhouse/index.ts';
import { QueryError, type QueryProblem } from '../query/index.ts';
import { QueryTimeout } from '../query-thread/index.ts';
import { SavedQueryConflict } from '../saved/index.ts';
import { StoreError } from '../store/index.ts';
import { type SchemaError, schemaProblems } from './schema-problems.ts';

/** A body for a refusal or failure. @param detail a sentence for a person */
export function problem(
  status: number,
  type: string,
  detail: string,
  fields?: readonly QueryProblem[],
): Problem {
  const body = {
    status,
    type: `https://api.honeycomb.io/problems/${type}`,
    title: type,
    error: detail,
    detail,
  };
  return fields ? { ...body, type_detail: [...fields] } : body;
}

/** Errors of the query thread, of which only name and message cross over. */
const BY_NAME = new Map([
  [UnknownTrace.name, { status: 404, type: 'not-found' }],
  [AmbiguousTraceId.name, { status: 409, type: 'conflict' }],
]);

/**
 * What an error becomes. A text of the database or of our own code is never an answer: it goes to `onFault`, and the
 * asker hears that the lab is at fault.
 */
export function answerError(onFault: (error: Error, request: FastifyRequest) => void) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const send = (body: Problem): FastifyReply => reply.code(body.status).send(body);
    if (error.validation) {
      const fields = schemaProblems(error.validation as SchemaError[], String(error.validationContext));
      return send(problem(422, 'validation-failed', new QueryError(fields).message, fields));
    }
    if (error instanceof QueryError)
      return send(problem(422, 'validation-failed', error.message, error.problems));
    if (error instanceof OtlpDecodeError) return send(problem(400, 'unparseable', error.message));
    if (error instanceof ReceiverBusy) {
      reply.header('retry-after', String(error.retryAfterSeconds));
      return send(problem(503, 'unavailable', error.message));
    }
    const known = BY_NAME.get(error.name);
    if (known) return send(problem(known.status, known.type, error.message));
    if (error instanceof QueryTimeout) return send(problem(504, 'timeout', error.text));
    if (error instanceof SavedQueryConflict) return send(problem(409, 'conflict', error.text));
    if (error instanceof StoreError) return send(problem(503, 'unavailable', error.message));
    if (error instanceof ClickHouseProblem) return send(problem(503, 'unavailable', error.text));
    if (error instanceof CollectsNothing) return send(problem(501, 'not-implemented', error.text));
    const status = error.statusCode ?? 500;
    if (status < 500) return send(problem(status, 'unparseable', error.message));
    onFault(error, request);
    return send(problem(500, 'internal', 'The lab failed at this request, and the fault is its own.'));
  };
}
