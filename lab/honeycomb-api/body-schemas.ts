import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type SchemaError, schemaProblems } from '../server/schema-problems.ts';
import { forBodies } from './for-bodies.ts';
import { Refusal } from './refusal.ts';

type Schema = Record<string, unknown>;

interface Document {
  components: { schemas: Record<string, Schema> };
}

/** Honeycomb's document, and what is compiled of it. It is read when the first body comes: who never asks waits for nothing. */
class BodySchemas {
  readonly #schemas: Record<string, Schema>;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true, validateFormats: false });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor() {
    const text = readFileSync(new URL('./document/openapi.json', import.meta.url), 'utf8');
    const document = forBodies(JSON.parse(text)) as Document;
    this.#schemas = document.components.schemas;
    this.#ajv.addSchema({ ...document, $id: 'honeycomb' });
  }

  validator(name: string): ValidateFunction {
    const known = this.#compiled.get(name);
    if (known) return known;
    const validate = this.#ajv.compile({ $ref: `honeycomb#/components/schemas/${name}` });
    this.#compiled.set(name, validate);
    return validate;
  }

  isReadOnly(name: string, key: string): boolean {
    const properties = (this.#schemas[name]?.properties ?? {}) as Record<string, { readOnly?: boolean }>;
    return properties[key]?.readOnly === true;
  }
}

let loaded: BodySchemas | null = null;

/**
 * The body as Honeycomb's own OpenAPI document describes it, without what may only be read.
 * @param name of the schema: Board, QueryAnnotation ...
 * @throws Refusal that names each field with a problem
 */
export function checkedBody<T extends object>(name: string, body: unknown): T {
  loaded ??= new BodySchemas();
  const schemas = loaded;
  const validate = schemas.validator(name);
  if (!validate(body)) {
    // That a condition was not met follows from what was not met in it.
    const errors = (validate.errors as SchemaError[]).filter(({ keyword }) => keyword !== 'if');
    throw Refusal.invalid(schemaProblems(errors, 'body'));
  }
  const kept = Object.entries(body as object).filter(([key]) => !schemas.isReadOnly(name, key));
  return Object.fromEntries(kept) as T;
}
