type Schema = Record<string, unknown>;
type Properties = Record<string, { readOnly?: boolean }>;

/**
 * OpenAPI's own words in those of JSON Schema. A discriminator says by one property which of several schemas is meant: as
 * conditions the faults of that one are told, as `oneOf` those of all of them would be. A property that may only be
 * read is required of answers, and of no body.
 */
export function forBodies<T>(value: T): T {
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
