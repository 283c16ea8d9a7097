import type { Span as ApiSpan, HrTime } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-web';

const SERVER_MS = 'murmur.server_ms';

/** Called by the fetch instrumentation when an answer is there: keeps its route, and what the server said of its time. */
export function noteAnswer(span: ApiSpan, _request: unknown, answer: unknown): void {
  if (!(answer instanceof Response)) return;
  span.setAttribute('url.template', templateOf(answer.url));
  const said = /\btotal;.*?dur=([\d.]+)/.exec(answer.headers.get('Server-Timing') ?? '')?.[1];
  if (said !== undefined) span.setAttribute(SERVER_MS, Number(said));
}

/**
 * Puts `murmur.network_ms` on each request's span: from the sending of the request to the first byte of the answer,
 * less what the server needed. Only durations are subtracted, each taken with one clock, so it does not matter
 * whether the clocks agree. Preflight, queueing and connecting came before the request was sent, and are not in it.
 */
export class NetworkLatencyProcessor implements SpanProcessor {
  /** The last moment at which a span can be written; the network's events are on it by now. */
  onEnding(span: Span): void {
    const { events, attributes } = span as unknown as ReadableSpan;
    const at = (name: string): HrTime | undefined => events.find((event) => event.name === name)?.time;
    const sent = at('requestStart');
    const answered = at('responseStart');
    const server = attributes[SERVER_MS];
    if (!sent || !answered || typeof server !== 'number') return;
    span.setAttribute('murmur.network_ms', Math.max(0, milliseconds(answered) - milliseconds(sent) - server));
  }

  onStart(): void {}
  onEnd(): void {}
  async forceFlush(): Promise<void> {}
  async shutdown(): Promise<void> {}
}

/** The route of an address, without what differs from request to request: `/posts/{id}/likes`. */
function templateOf(url: string): string {
  return new URL(url, document.baseURI).pathname.replace(/\/\d+(?=\/|$)/g, '/{id}');
}

/** Fine enough for a difference: both times are of the same second or a few. */
function milliseconds([seconds, nanoseconds]: HrTime): number {
  return seconds * 1000 + nanoseconds / 1e6;
}
