import { OtlpDecodeError, ReceiverBusy } from '@workshop/telemetry';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AmbiguousTraceId, UnknownTrace } from '../analysis/index.ts';
import type { Problem } from '../api/index.ts';
import { QueryError, type QueryProblem } from '../query/index.ts';
import { QueryTimeout } from '../query-thread/index.ts';
import { SavedQueryConflict } from '../saved/index.ts';
import { StoreError } from '../store/index.ts';

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
      const fields = fieldProblems(error);
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
    const status = error.statusCode ?? 500;
    if (status < 500) return send(problem(status, 'unparseable', error.message));
    onFault(error, request);
    return send(problem(500, 'internal', 'The lab failed at this request, and the fault is its own.'));
  };
}

/** One problem for each field, in the order in which they were found. */
function fieldProblems({ validation = [], validationContext }: FastifyError): QueryProblem[] {
  const problems = new Map<string, QueryProblem>();
  for (const each of validation as SchemaError[]) {
    const path = each.instancePath
      .replace(/\/(\d+)/g, '[$1]')
      .replaceAll('/', '.')
      .replace(/^\./, '');
    const extra = each.params.missingProperty ?? each.params.additionalProperty;
    const field = [path, extra].filter(Boolean).join('.') || String(validationContext);
    if (!problems.has(field)) problems.set(field, { field, ...fault(each) });
  }
  return [...problems.values()];
}

interface SchemaError {
  keyword: string;
  instancePath: string;
  message?: string;
  params: Record<string, unknown>;
  data?: unknown;
  parentSchema?: {
    properties?: object;
    minimum?: number;
    maximum?: number;
    description?: string;
    type?: string;
  };
}

const NAMES: Record<string, string> = {
  integer: 'whole number',
  number: 'number',
  string: 'text',
  boolean: 'true or false',
  object: 'object',
  array: 'list',
};

function fault({ keyword, message, params, data, parentSchema }: SchemaError): Omit<QueryProblem, 'field'> {
  const shown = JSON.stringify(data)?.slice(0, 80) ?? 'nothing';
  if (keyword === 'additionalProperties') {
    const known = Object.keys(parentSchema?.properties ?? {});
    return {
      code: 'unsupported',
      description: `it is not known; known are ${known.join(', ') || 'none'}`,
    };
  }
  if (keyword === 'required') return { code: 'missing', description: 'it is missing' };
  if (keyword === 'type')
    return {
      code: 'incorrect_type',
      description: `${shown} is no ${NAMES[String(params.type)] ?? params.type}`,
    };
  if (keyword === 'minimum' || keyword === 'maximum')
    return { code: 'invalid', description: `it is ${rangeOf(parentSchema)}; this is ${shown}` };
  const wanted = keyword === 'pattern' ? parentSchema?.description : message;
  return { code: 'invalid', description: `${shown} is not ${wanted ?? 'right'}` };
}

function rangeOf({ minimum, maximum }: NonNullable<SchemaError['parentSchema']> = {}): string {
  if (minimum === undefined) return `at most ${maximum}`;
  return maximum === undefined ? `at least ${minimum}` : `from ${minimum} to ${maximum}`;
}
