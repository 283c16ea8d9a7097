import type { QueryProblem } from '../query/index.ts';

/**
 * One problem for each field, in the order in which they were found.
 * @param whole what was checked, when the fault is in no field of it
 */
export function schemaProblems(errors: readonly SchemaError[], whole: string): QueryProblem[] {
  const problems = new Map<string, QueryProblem>();
  for (const each of errors) {
    const path = each.instancePath
      .replace(/\/(\d+)/g, '[$1]')
      .replaceAll('/', '.')
      .replace(/^\./, '');
    const extra = each.params.missingProperty ?? each.params.additionalProperty;
    const field = [path, extra].filter(Boolean).join('.') || whole;
    if (!problems.has(field)) problems.set(field, { field, ...fault(each) });
  }
  return [...problems.values()];
}

/** An error of Ajv, with the data and the schema that it is about (`verbose`). */
export interface SchemaError {
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
