import { isDeepStrictEqual as isSame } from 'node:util';
import type { Attributes, Span, SpanEvent, SpanLink } from '@workshop/telemetry/pure';
import type { CapturedSpan } from '../capture/index.ts';
import type { EvidenceSpan, RecordedDifference, WireRequest } from '../evidence/index.ts';
import type { System } from '../world/index.ts';

/** Where the spans of one scenario begin. */
export interface RunStart {
  atMs: number;
  /** how wrong the clocks of the processes are; the page's is right */
  clockSkewMs: number;
}

/** What the OTLP receiver keeps of one request. */
type ReceivedRequest = System['receiver']['requests'][number];

/** As the capture cuts them: MAX_STRING of copy-span. UTF-16 units. */
const LONGEST_TEXT = 64 * 1024;

/**
 * Joins the two witnesses on the span's id. A span that arrived is what arrived, with what its process had recorded
 * where that differs; one that did not is what its process recorded. A span that only the receiver saw is kept too: its
 * process had no capture.
 */
export function joinWitnesses(
  captured: readonly CapturedSpan[],
  received: readonly ReceivedRequest[],
  run: RunStart,
): EvidenceSpan[] {
  const onWire = new Map<string, Span>();
  // A sender that did not wait for the answer does not know that they arrived, and neither do we.
  const answered = received.filter(({ status }) => status !== 0);
  for (const request of answered) for (const span of request.spans) onWire.set(key(span), span);
  const phase = (span: Span, process: string): 'boot' | 'run' =>
    span.startMs - (process === 'page' ? 0 : run.clockSkewMs) < run.atMs ? 'boot' : 'run';
  const joined = captured.map((span): EvidenceSpan => {
    const arrived = onWire.get(key(span));
    const origin = {
      ...span.origin,
      captured: true,
      received: arrived !== undefined,
      phase: phase(span, span.origin.process),
    };
    return { ...(arrived ? asArrived(span, arrived) : span), origin };
  });
  const known = new Set(captured.map(key));
  const processOfService = new Map(
    captured.map((span) => [String(span.resource['service.name']), span.origin.process]),
  );
  let seq = joined.length;
  for (const [id, span] of onWire) {
    if (known.has(id)) continue;
    const process = processOfService.get(String(span.resource['service.name'])) ?? 'unknown';
    joined.push({
      ...shortened(span),
      origin: { process, captured: false, received: true, seq: seq++, phase: phase(span, process) },
    });
  }
  return joined;
}

/** Ids, times and scope are the same by both witnesses. */
function asArrived(span: CapturedSpan, wire: Span): Omit<EvidenceSpan, 'origin'> {
  const { name, kind, status, events, links, resource, ...arrived } = shortened(wire);
  const attributes = withLostNumbers(arrived.attributes, span.attributes);
  const recorded: RecordedDifference = {
    ...(span.name !== name && { name: span.name }),
    ...(span.kind !== kind && { kind: span.kind }),
    ...(!isSame(statusOf(span.status), statusOf(status)) && { status: span.status }),
    ...(!isSame(span.attributes, attributes) && { attributes: span.attributes }),
    ...(!isSame(span.events.map(contentOf), events.map(contentOf)) && { events: span.events }),
    ...(!isSame(span.links.map(contentOf), links.map(contentOf)) && { links: span.links }),
    ...(!isSame(span.resource, resource) && { resource: span.resource }),
  };
  if (Object.keys(recorded).length === 0) return span;
  return { ...span, name, kind, status, attributes, events, links, resource, recorded };
}

/** OTLP in JSON has no NaN: exporters write null. */
function withLostNumbers(arrived: Attributes, recorded: Attributes): Attributes {
  const lost = Object.entries(recorded).filter(
    ([key, value]) => typeof value === 'number' && !Number.isFinite(value) && arrived[key] === null,
  );
  return lost.length === 0 ? arrived : { ...arrived, ...Object.fromEntries(lost) };
}

function statusOf({ code, message = '' }: Span['status']): Span['status'] {
  return { code, message };
}

/** Without times, which travel in two notations, and trace state, which the page's capture leaves out. */
function contentOf(part: SpanEvent | SpanLink): unknown {
  return 'spanId' in part ? [part.traceId, part.spanId, part.attributes] : [part.name, part.attributes];
}

/** The capture cuts long texts, so that a span of megabytes is none in the evidence; the receiver does not. */
function shortened(span: Span): Span {
  const cut = <T extends { attributes: Attributes }>(part: T): T => {
    const long = Object.entries(part.attributes).filter(
      ([, value]) => typeof value === 'string' && value.length > LONGEST_TEXT,
    ) as [string, string][];
    if (long.length === 0) return part;
    const texts = long.map(([key, text]) => [key, cutText(text)]);
    return { ...part, attributes: { ...part.attributes, ...Object.fromEntries(texts) } };
  };
  return { ...cut(span), events: span.events.map(cut), links: span.links.map(cut) };
}

function cutText(text: string): string {
  return `${text.slice(0, LONGEST_TEXT)}... [cut: ${text.length} characters]`;
}

export function wireRecord(request: ReceivedRequest): WireRequest {
  return {
    path: request.path,
    method: request.method,
    contentType: request.contentType,
    contentEncoding: request.contentEncoding,
    bytes: request.bytes,
    status: request.status,
    spanIds: request.spans.map((span) => span.spanId),
    serviceNames: [...new Set(request.spans.map((span) => String(span.resource['service.name'] ?? '')))],
    ...(request.error === undefined ? {} : { error: request.error }),
    atMs: request.atMs,
  };
}

const key = (span: Span): string => `${span.traceId}/${span.spanId}`;
