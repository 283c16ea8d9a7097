import { traceRequestJson } from '@workshop/telemetry/otlp-json';
import type { Attributes, Span } from '@workshop/telemetry/pure';

/** Saves a trace as a file of OTLP in JSON, which any tool of OpenTelemetry reads. */
export function saveTrace(spans: readonly Span[]): void {
  const url = URL.createObjectURL(new Blob([otlpText(spans)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `trace-${spans[0]?.traceId.slice(0, 8) ?? ''}.json`;
  link.click();
  URL.revokeObjectURL(url);
}

/** An OTLP trace request in JSON. */
export function otlpText(spans: readonly Span[]): string {
  return JSON.stringify(traceRequestJson(withSharedResources(spans)), null, 2);
}

/** OTLP groups spans by their resource; here each came with a copy of its own. */
function withSharedResources(spans: readonly Span[]): Span[] {
  const shared = new Map<string, Attributes>();
  return spans.map((span) => {
    const key = JSON.stringify(span.resource);
    const resource = shared.get(key) ?? span.resource;
    shared.set(key, resource);
    return { ...span, resource };
  });
}
