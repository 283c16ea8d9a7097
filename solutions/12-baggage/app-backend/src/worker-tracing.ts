import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { VariantProcessor } from './ui-variant';

const sdk = new NodeSDK({
  serviceName: 'murmur-worker',
  spanProcessors: [new VariantProcessor(), new BatchSpanProcessor(new OTLPTraceExporter())],
  // A query that nobody's message caused, such as looking whether there is one, is no trace of its own.
  instrumentations: [new PgInstrumentation({ requireParentSpan: true })],
});

sdk.start();
