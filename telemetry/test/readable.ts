import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** Spans as the SDK makes them, one of each kind of content, for tests of what real exporters send. */
export function readableSpans(): ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'murmur-api', 'service.instance.id': 'a' }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('murmur', '1.2.3');
  const remote = {
    traceId: '4c1d90e2'.repeat(4),
    spanId: '77e0b1c4'.repeat(2),
    traceFlags: TraceFlags.SAMPLED,
  };
  const server = tracer.startSpan('GET /feed', {
    kind: SpanKind.SERVER,
    startTime: [1_790_000_000, 123_456_789],
    attributes: {
      'http.route': '/feed',
      'user.id': '4711',
      'http.response.status_code': 500,
      ratio: 0.25,
      negative: -42,
      large: 2 ** 52,
      ok: true,
      tags: ['a', 'b'],
      counts: [1, 2, 3],
      empty: '',
      'non ascii': 'Grüße 漢字',
    },
    links: [{ context: { ...remote, isRemote: true }, attributes: { why: 'batch' } }],
  });
  server.addEvent('exception', { 'exception.type': 'Error' }, [1_790_000_000, 200_000_000]);
  server.setStatus({ code: SpanStatusCode.ERROR, message: 'no' });
  server.end([1_790_000_001, 123_456_790]);
  tracer.startSpan('root only', { startTime: [1_790_000_000, 0] }).end([1_790_000_000, 0]);
  return exporter.getFinishedSpans();
}
