import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { NestInstrumentation } from '@opentelemetry/instrumentation-nestjs-core';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { restoreMessage } from './failures';
import { startTracing } from './running-sdk';
import { parentBasedRatio } from './sampling';
import { VariantProcessor } from './ui-variant';

const sdk = new NodeSDK({
  serviceName: 'murmur-api',
  // The address comes from OTEL_EXPORTER_OTLP_ENDPOINT, or is the collector's default on this machine. For half a minute
  // it calls again when nobody answers.
  spanProcessors: [
    new VariantProcessor(),
    new BatchSpanProcessor(new OTLPTraceExporter({ timeoutMillis: 30_000 })),
  ],
  sampler: parentBasedRatio(Number(process.env.OTEL_TRACES_SAMPLER_ARG ?? 1)),
  instrumentations: [
    new HttpInstrumentation({
      applyCustomAttributesOnSpan: restoreMessage,
      // Nobody waits for a health check. What it does inside is not traced either.
      ignoreIncomingRequestHook: ({ url }) => url?.split('?')[0] === '/health',
    }),
    new ExpressInstrumentation(),
    new NestInstrumentation(),
    new PgInstrumentation(),
  ],
});

startTracing(sdk);
