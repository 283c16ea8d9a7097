import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { RedactingExporter } from './redaction';
import { startTracing } from './running-sdk';
import { parentBasedRatio } from './sampling';
import { VariantProcessor } from './ui-variant';

const sdk = new NodeSDK({
  serviceName: 'murmur-worker',
  // For half a minute it calls again when nobody answers.
  spanProcessors: [
    new VariantProcessor(),
    new BatchSpanProcessor(new RedactingExporter(new OTLPTraceExporter({ timeoutMillis: 30_000 }))),
  ],
  // It follows the publish, and decides only about messages that come without a context.
  sampler: parentBasedRatio(Number(process.env.OTEL_TRACES_SAMPLER_ARG ?? 1)),
  // A query that nobody's message caused, such as looking whether there is one, is no trace of its own.
  instrumentations: [new PgInstrumentation({ requireParentSpan: true })],
});

startTracing(sdk);
