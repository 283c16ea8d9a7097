/** The parts of an OpenAPI 3.1 document that are read here. */
export interface OpenApiDocument {
  openapi: string;
  paths: Record<string, Record<string, unknown>>;
  components?: Record<string, Record<string, unknown>>;
  security?: Record<string, string[]>[];
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  required?: boolean;
  schema?: Schema;
}

export type Schema = Record<string, unknown> | boolean;
type Content = Record<string, { schema?: Schema }>;

export interface Operation {
  template: string;
  parameters: Parameter[];
  pathValues: Record<string, string>;
  requestBody: { required?: boolean; content: Content } | null;
  security: Record<string, string[]>[];
  responses: Record<string, { content?: Content }>;
}

/** Reads a document; throws an Error for a person if it is none. */
export function parseDocument(text: string): OpenApiDocument {
  let document: OpenApiDocument;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new Error(`The file is not JSON: ${(error as Error).message}`);
  }
  if (!/^3\.1/.test(document?.openapi ?? '') || typeof document.paths !== 'object') {
    throw new Error('The file is not an OpenAPI 3.1 document.');
  }
  return document;
}

/** Follows a local reference, also one to a reference. */
export function resolve<T>(document: OpenApiDocument, value: T | { $ref: string }): T {
  const ref = (value as { $ref?: unknown })?.$ref;
  if (typeof ref !== 'string') return value as T;
  if (!ref.startsWith('#/')) throw new Error(`Only references inside the document are followed: ${ref}`);
  let target: unknown = document;
  for (const part of ref.slice(2).split('/')) {
    target = (target as Record<string, unknown>)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  if (target === undefined) throw new Error(`The document lacks ${ref}`);
  return resolve(document, target as T);
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Every operation of a document, with its method in capitals. */
export function operationsOf({ paths }: OpenApiDocument): { method: string; template: string }[] {
  return Object.entries(paths).flatMap(([template, item]) =>
    METHODS.filter((method) => method in item).map((method) => ({ method: method.toUpperCase(), template })),
  );
}

/** The operation for a request, or the reason why there is none. */
export function findOperation(document: OpenApiDocument, method: string, path: string): Operation | string {
  const matches = Object.keys(document.paths).flatMap((template) => {
    const pathValues = matchPath(template, path);
    return pathValues ? [{ template, pathValues }] : [];
  });
  // A literal path beats one with parameters.
  matches.sort((a, b) => Object.keys(a.pathValues).length - Object.keys(b.pathValues).length);
  const match = matches[0];
  if (!match) return 'the document has no such path';
  const item = document.paths[match.template]!;
  const operation = item[method.toLowerCase()] as Record<string, unknown> | undefined;
  if (!operation) return `the document has no ${method} for this path`;
  const parameters = [
    ...((item.parameters as unknown[]) ?? []),
    ...((operation.parameters as unknown[]) ?? []),
  ];
  const responses = Object.entries((operation.responses as Record<string, object>) ?? {});
  return {
    ...match,
    parameters: parameters.map((p) => resolve(document, p as Parameter)),
    requestBody: operation.requestBody
      ? resolve(document, operation.requestBody as { required?: boolean; content: Content })
      : null,
    security: (operation.security as Operation['security']) ?? document.security ?? [],
    responses: Object.fromEntries(
      responses.map(([status, r]) => [status, resolve<{ content?: Content }>(document, r)]),
    ),
  };
}

function matchPath(template: string, path: string): Record<string, string> | null {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const values: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name === undefined) {
      if (part !== given[i]) return null;
    } else {
      if (given[i] === '') return null;
      values[name] = decodeURIComponent(given[i]!);
    }
  }
  return values;
}
