import assert from 'node:assert/strict';
import { encodeTraceRequest } from '@workshop/telemetry';

/**
 * Sends a span of a made-up API to a lab's collector, which must take it.
 * @param resource attributes beside `service.name`
 */
export async function sendSpanTo(
  collectorPort: number,
  resource: Record<string, string> = {},
): Promise<void> {
  const span = {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    name: 'GET /feed',
    kind: 'SERVER' as const,
    startMs: Date.now(),
    durationMs: 1,
    status: { code: 'UNSET' as const },
    attributes: {},
    events: [],
    links: [],
    resource: { 'service.name': 'murmur-api', ...resource },
    scope: { name: 'test' },
  };
  const answer = await fetch(`http://127.0.0.1:${collectorPort}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: encodeTraceRequest([span], 'protobuf'),
  });
  assert.equal(answer.status, 200);
}
