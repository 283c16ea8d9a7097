import type { Attributes, AttributeValue } from '../model.ts';
import { MAX_VALUE_DEPTH, tooDeep } from './errors.ts';
import { setAttribute } from './fields.ts';
import {
  atEnd,
  EMBEDDED,
  FIRST,
  FIXED64,
  field,
  integerOf,
  SECOND,
  VARINT,
  type WireReader,
} from './wire-reader.ts';

/** Attributes as OTLP's protobuf has them. Source: opentelemetry-proto, common/v1/common.proto */
const VALUE = {
  string: field(1, EMBEDDED),
  bool: field(2, VARINT),
  int: field(3, VARINT),
  double: field(4, FIXED64),
  array: field(5, EMBEDDED),
  kvlist: field(6, EMBEDDED),
  bytes: field(7, EMBEDDED),
};

/** A resource, or a list of keys and values: both have them as their field 1. */
export function readKeyValues(reader: WireReader, end: number, attributes: Attributes, depth: number): void {
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === FIRST) readKeyValue(reader, reader.until(end), attributes, depth);
    else reader.skip(tag);
  }
  atEnd(reader, end);
}

export function readKeyValue(reader: WireReader, end: number, attributes: Attributes, depth: number): void {
  let key = '';
  let value: AttributeValue = null;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === FIRST) key = reader.text();
    else if (tag === SECOND) value = readValue(reader, reader.until(end), depth, value);
    else reader.skip(tag);
  }
  atEnd(reader, end);
  setAttribute(attributes, key, value);
}

/**
 * An AnyValue. Of its fields the last one counts, and parts of one list are put together.
 * @param before what was read of the same value so far
 */
function readValue(reader: WireReader, end: number, depth: number, before: AttributeValue): AttributeValue {
  let value = before;
  while (reader.pos < end) {
    const tag = reader.tag();
    switch (tag) {
      case VALUE.string:
        value = reader.text();
        break;
      case VALUE.bool:
        value = reader.bool();
        break;
      case VALUE.int: {
        const low = reader.int64Low();
        value = integerOf(reader.high, low);
        break;
      }
      case VALUE.double:
        value = reader.double();
        break;
      case VALUE.array: {
        if (depth >= MAX_VALUE_DEPTH) throw tooDeep();
        const list: AttributeValue[] = Array.isArray(value) ? value : [];
        readArray(reader, reader.until(end), list, depth + 1);
        value = list;
        break;
      }
      case VALUE.kvlist: {
        if (depth >= MAX_VALUE_DEPTH) throw tooDeep();
        const isList = value !== null && typeof value === 'object' && !Array.isArray(value);
        const list: Attributes = isList ? (value as Attributes) : {};
        readKeyValues(reader, reader.until(end), list, depth + 1);
        value = list;
        break;
      }
      case VALUE.bytes:
        value = reader.base64();
        break;
      default:
        reader.skip(tag);
    }
  }
  atEnd(reader, end);
  return value;
}

function readArray(reader: WireReader, end: number, list: AttributeValue[], depth: number): void {
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === FIRST) list.push(readValue(reader, reader.until(end), depth, null));
    else reader.skip(tag);
  }
  atEnd(reader, end);
}
