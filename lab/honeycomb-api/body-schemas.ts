import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type SchemaError, schemaProblems } from '../server/schema-problems.ts';
import { Refusal } from './refusal.ts';

type Schema = Record<string, unknown>;
type Properties = Record<string, { readOnly?: boolean }>;

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
    const properties = (this.#schemas[name]?.properties ?? {}) as Properties;
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

/**
 * OpenAPI's own words in those of JSON Schema. A discriminator says by one property which of several schemas is meant: as
 * conditions the faults of that one are told, as `oneOf` those of all of them would be. A property that may only be
 * read is required of answers, and of no body.
 */
function forBodies<T>(value: T): T {
  if (Array.isArray(value)) return value.map(forBodies) as T;
  if (typeof value !== 'object' || value === null) return value;
  const { discriminator, oneOf, required, ...rest } = value as Schema;
  const own: Schema = Object.fromEntries(Object.entries(rest).map(([name, item]) => [name, forBodies(item)]));
  if (required !== undefined) own.required = writableOf(required, rest.properties as Properties | undefined);
  const { propertyName: key = '', mapping } = (discriminator ?? {}) as {
    propertyName?: string;
    mapping?: Record<string, string>;
  };
  if (mapping === undefined) return (oneOf ? { ...own, oneOf: forBodies(oneOf) } : own) as T;
  const branches = Object.entries(mapping).map(([name, $ref]) => ({
    if: { properties: { [key]: { const: name } }, required: [key] },
    // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
    then: { $ref },
  }));
  const named = { properties: { [key]: { enum: Object.keys(mapping) } }, required: [key] };
  return { ...own, allOf: [named, ...branches] } as T;
}

function writableOf(required: unknown, properties: Properties = {}): unknown {
  // Below `properties` it is the name of a property, and no list.
  if (!Array.isArray(required)) return forBodies(required);
  return required.filter((name: string) => !properties[name]?.readOnly);
}
