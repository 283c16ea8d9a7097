import { Ajv } from 'ajv';
import type { FastifyRequest, FastifySchemaCompiler } from 'fastify';
import { QueryError } from '../query/index.ts';

const options = { allErrors: true, verbose: true, useDefaults: true, strict: false } as const;
/** Whatever stands in an address is text: "20" is the number 20 there. */
const ofAddresses = new Ajv({ ...options, coerceTypes: true });
/** In JSON a number is a number. */
const ofBodies = new Ajv(options);

/** Unlike Fastify's own it drops nothing that it does not know, and changes no type in a body. */
export const validators: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
  (httpPart === 'body' ? ofBodies : ofAddresses).compile(schema);

/** No question and no answer needs as many; a few thousand would be too much for whoever reads it level by level. */
const MOST_LEVELS = 100;

/** @throws QueryError for a body that is nested too deeply */
export async function refuseDeepBodies({ body }: FastifyRequest): Promise<void> {
  if (!isDeeper(body, MOST_LEVELS)) return;
  const description = `it is nested more than ${MOST_LEVELS} levels deep`;
  throw new QueryError([{ field: 'body', code: 'invalid', description }]);
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}
