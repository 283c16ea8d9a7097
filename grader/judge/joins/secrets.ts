import type { Attributes, AttributeValue } from '@workshop/telemetry/pure';
import type { EvidenceSpan } from '../../evidence/index.ts';

/** A text of a span, and where it stands in it. */
export interface SpanText {
  /** `the attribute url.query`, `the stack trace of an exception` */
  where: string;
  /** which check speaks of it */
  part: 'attribute' | 'event' | 'other';
  text: string;
}

/** Every text of a span that the collector gets, with its place. Its ids are none. */
export function textsOf(span: EvidenceSpan): SpanText[] {
  return [
    ...textsIn(span.attributes, (key) => `the attribute ${key}`, 'attribute'),
    ...textsIn(span.resource, (key) => `the resource's ${key}`, 'attribute'),
    ...span.events.flatMap(({ name, attributes }) => [
      { where: 'the name of an event', part: 'event' as const, text: name },
      ...textsIn(attributes, (key) => eventPlace(name, key), 'event'),
    ]),
    ...span.links.flatMap(({ attributes, traceState }) => [
      ...textsIn(attributes, (key) => `${key}, an attribute of a link`, 'other'),
      { where: 'the trace state of a link', part: 'other' as const, text: traceState ?? '' },
    ]),
    { where: 'the name of the span', part: 'other', text: span.name },
    { where: 'the message of the status', part: 'other', text: span.status.message ?? '' },
    { where: 'the trace state', part: 'other', text: span.traceState ?? '' },
    { where: 'the name of the tracer', part: 'other', text: span.scope.name },
  ];
}

function eventPlace(event: string, key: string): string {
  if (key === 'exception.message') return 'the message of an exception';
  if (key === 'exception.stacktrace') return 'the stack trace of an exception';
  return `${key}, an attribute of the event "${event}"`;
}

function textsIn(attributes: Attributes, place: (key: string) => string, part: SpanText['part']): SpanText[] {
  return Object.entries(attributes).flatMap(([key, value]) => [
    { where: `the name of the attribute ${key}`, part, text: key },
    ...textsOfValue(value).map((text) => ({ where: place(key), part, text })),
  ]);
}

function textsOfValue(value: AttributeValue | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((one) => textsOfValue(one as AttributeValue));
}

/** Ways to write a secret down that anybody can read back. */
export function formsOf(secret: string): { form: string; text: string }[] {
  const bytes = new TextEncoder().encode(secret);
  return [
    { form: 'as it is', text: secret },
    { form: 'its first half', text: secret.slice(0, Math.ceil(secret.length / 2)) },
    { form: 'its second half', text: secret.slice(Math.floor(secret.length / 2)) },
    { form: 'in base64', text: btoa(secret).replace(/=+$/, '') },
    { form: 'in hexadecimal', text: [...bytes].map((one) => one.toString(16).padStart(2, '0')).join('') },
    { form: 'backwards', text: [...secret].reverse().join('') },
  ];
}
