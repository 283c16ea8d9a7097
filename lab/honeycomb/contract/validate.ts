import { Ajv2020 } from 'ajv/dist/2020.js';
import { forBodies } from '../../honeycomb-api/for-bodies.ts';
import { findOperation, type OpenApiDocument, type Operation, resolve, type Schema } from './openapi.ts';
import type { RecordedExchange } from './record.ts';

/** Checks recorded exchanges against an OpenAPI 3.1 document. */
export class ContractValidator {
  readonly #document: OpenApiDocument;
  /** the same as bodies are held to it */
  readonly #bodies: OpenApiDocument;
  readonly #who: string;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, logger: false });
  readonly #compiled = new Map<Schema, ReturnType<Ajv2020['compile']>>();

  /** @param who answers, in the words of a fault */
  constructor(document: OpenApiDocument, who = 'the stand-in') {
    this.#document = document;
    this.#bodies = forBodies(document);
    this.#who = who;
  }

  /** Everything in which a request, or the answer to it, differs from the document. */
  validate(exchange: RecordedExchange): string[] {
    const operation = findOperation(this.#document, exchange.method, exchange.path);
    if (typeof operation === 'string') return [operation];
    return [
      ...this.#parameterFaults(operation, exchange),
      ...this.#securityFaults(operation, exchange),
      ...this.#bodyFaults(operation, exchange),
      ...this.#responseFaults(operation, exchange),
    ];
  }

  #parameterFaults({ parameters, pathValues }: Operation, { query, headers }: RecordedExchange): string[] {
    const faults: string[] = [];
    const given = { path: Object.entries(pathValues), query, header: Object.entries(headers), cookie: [] };
    for (const { name, in: place, required, schema = true } of parameters) {
      const wanted = place === 'header' ? name.toLowerCase() : name;
      const values = given[place].filter(([n]) => n === wanted);
      if (values.length === 0 && (required || place === 'path'))
        faults.push(`${place} parameter ${name} is missing`);
      for (const [, value] of values) {
        faults.push(...this.#schemaFaults(schema, asParameter(value), `${place} parameter ${name}`));
      }
    }
    for (const [name] of query) {
      if (!parameters.some((p) => p.in === 'query' && p.name === name))
        faults.push(`query parameter ${name} is unknown`);
    }
    return faults;
  }

  #securityFaults({ security }: Operation, { headers }: RecordedExchange): string[] {
    if (security.length === 0) return [];
    const schemes = this.#document.components?.securitySchemes ?? {};
    const fits = (name: string) => {
      const scheme = resolve(
        this.#document,
        schemes[name] as { type?: string; in?: string; name?: string; scheme?: string },
      );
      if (scheme?.type === 'apiKey' && scheme.in === 'header')
        return Boolean(headers[scheme.name!.toLowerCase()]);
      return scheme?.scheme === 'bearer' && /^Bearer ./.test(headers.authorization ?? '');
    };
    if (security.some((alternative) => Object.keys(alternative).every(fits))) return [];
    return [`no key as the document wants it (${security.flatMap(Object.keys).join(' or ')})`];
  }

  #bodyFaults({ requestBody }: Operation, { headers, hasBody, body }: RecordedExchange): string[] {
    if (!requestBody) return hasBody ? ['a body, where the document has none'] : [];
    if (!hasBody) return requestBody.required ? ['the body is missing'] : [];
    const type = (headers['content-type'] ?? '').split(';')[0]!;
    const media = requestBody.content[type];
    if (!media)
      return [`content type "${type}" is not one of ${Object.keys(requestBody.content).join(', ')}`];
    if (!media.schema || body === null) return [];
    const data: unknown = JSON.parse(body);
    return [
      ...this.#schemaFaults(forBodies(media.schema), data, 'body', this.#bodies),
      ...this.#unwritable([media.schema], data, 'body'),
    ];
  }

  #responseFaults({ responses }: Operation, { response }: RecordedExchange): string[] {
    const { status, contentType, body } = response;
    const declared = responses[status] ?? responses[`${Math.floor(status / 100)}XX`] ?? responses.default;
    if (!declared) return [`${this.#who} answers ${status}, which the document does not`];
    const media = declared.content?.[contentType];
    if (!declared.content) return [];
    if (!media) return [`${this.#who} answers ${status} as "${contentType}", which the document does not`];
    return media.schema
      ? this.#schemaFaults(media.schema, JSON.parse(body), `answer ${status} of ${this.#who}`)
      : [];
  }

  #schemaFaults(schema: Schema, data: unknown, what: string, { components = {} } = this.#document): string[] {
    let validate = this.#compiled.get(schema);
    if (!validate) {
      // References begin at the document's root.
      validate = this.#ajv.compile({ components, allOf: [schema] });
      this.#compiled.set(schema, validate);
    }
    if (validate(data)) return [];
    return (validate.errors ?? []).map((e) => `${what}${e.instancePath}: ${e.message}`);
  }

  /**
   * What validation alone lets through: a property that no branch of the schema has (misspelt, most likely),
   * and one that may be read only.
   */
  #unwritable(schemas: Schema[], data: unknown, what: string): string[] {
    const branches = schemas.flatMap((schema) => this.#branches(schema));
    if (Array.isArray(data)) {
      const items = branches.map((b) => b.items as Schema).filter((s) => s !== undefined);
      return items.length === 0
        ? []
        : data.flatMap((item, i) => this.#unwritable(items, item, `${what}/${i}`));
    }
    if (typeof data !== 'object' || data === null) return [];
    const described = branches.filter((b) => b.properties !== undefined);
    if (described.length === 0) return [];
    return Object.entries(data).flatMap(([name, value]) => {
      const found = described
        .map((b) => (b.properties as Record<string, Schema>)[name])
        .filter((s) => s !== undefined);
      if (found.length === 0) return [`${what}/${name}: the document has no such property`];
      const isReadOnly = (one: Schema) => this.#branches(one).some((b) => b.readOnly === true);
      // Of a column's name the document says both: read only, and required. Who sends it is right.
      const isWanted = described.some(
        (b) =>
          (b.required as string[] | undefined)?.includes(name) &&
          !isReadOnly((b.properties as Record<string, Schema>)[name] ?? true),
      );
      if (found.some(isReadOnly) && !isWanted) return [`${what}/${name}: is read only`];
      return this.#unwritable(found, value, `${what}/${name}`);
    });
  }

  #branches(schema: Schema): Record<string, unknown>[] {
    if (typeof schema === 'boolean') return [];
    const own = resolve<Record<string, unknown>>(this.#document, schema);
    const parts = [own.allOf, own.oneOf, own.anyOf].flatMap((list) => (list as Schema[]) ?? []);
    return [own, ...parts.flatMap((part) => this.#branches(part))];
  }
}

// Parameters are text on the line; their schema means the value.
function asParameter(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return text;
}
