import { Ajv } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';

const options = { allErrors: true, verbose: true, useDefaults: true, strict: false } as const;
/** Whatever stands in an address is text: "20" is the number 20 there. */
const ofAddresses = new Ajv({ ...options, coerceTypes: true });
/** In JSON a number is a number. */
const ofBodies = new Ajv(options);

/** Unlike Fastify's own it drops nothing that it does not know, and changes no type in a body. */
export const validators: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
  (httpPart === 'body' ? ofBodies : ofAddresses).compile(schema);
