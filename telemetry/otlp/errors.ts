/** A body that is not an OTLP trace request. The message is written for a person; it holds nothing of the body. */
export class OtlpDecodeError extends Error {
  override name = 'OtlpDecodeError';
}

/** Attributes may nest; deeper than this is a mistake or an attack, not telemetry. */
export const MAX_VALUE_DEPTH = 24;

export function tooDeep(): OtlpDecodeError {
  return new OtlpDecodeError(`An attribute is nested more than ${MAX_VALUE_DEPTH} levels deep.`);
}
