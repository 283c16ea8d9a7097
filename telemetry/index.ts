export { type DecodedRequest, decodeTraceRequest, encodingOf, type OtlpEncoding } from './otlp/decode.ts';
export { encodeErrorStatus, encodeTraceRequest, encodeTraceResponse } from './otlp/encode.ts';
export { OtlpDecodeError } from './otlp/errors.ts';
export { setAttribute } from './otlp/fields.ts';
export * from './pure.ts';
export * from './receiver/index.ts';
