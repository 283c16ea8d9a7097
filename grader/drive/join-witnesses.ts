import type { Span } from '@workshop/telemetry/pure';
import type { CapturedSpan } from '../capture/index.ts';
import type { EvidenceSpan, WireRequest } from '../evidence/index.ts';
import type { System } from '../world/index.ts';
import type { RunStart } from './collect.ts';

/** What the OTLP receiver keeps of one request. */
type ReceivedRequest = System['receiver']['requests'][number];

/**
 * Joins the two witnesses on the span's id: the exporter inside the process is primary, the receiver is the
 * cross-check. A span that only the receiver saw is kept too: its process had no capture.
 */
export function joinWitnesses(
  captured: readonly CapturedSpan[],
  received: readonly ReceivedRequest[],
  run: RunStart,
): EvidenceSpan[] {
  const onWire = new Map<string, Span>();
  for (const request of received) for (const span of request.spans) onWire.set(key(span), span);
  const phase = (span: Span, process: string): 'boot' | 'run' =>
    span.startMs - (process === 'page' ? 0 : run.clockSkewMs) < run.atMs ? 'boot' : 'run';
  const joined: EvidenceSpan[] = captured.map((span) => ({
    ...span,
    origin: {
      ...span.origin,
      captured: true,
      received: onWire.has(key(span)),
      phase: phase(span, span.origin.process),
    },
  }));
  const known = new Set(captured.map(key));
  const processOfService = new Map(
    captured.map((span) => [String(span.resource['service.name']), span.origin.process]),
  );
  let seq = joined.length;
  for (const [id, span] of onWire) {
    if (known.has(id)) continue;
    const process = processOfService.get(String(span.resource['service.name'])) ?? 'unknown';
    joined.push({
      ...span,
      origin: { process, captured: false, received: true, seq: seq++, phase: phase(span, process) },
    });
  }
  return joined;
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
