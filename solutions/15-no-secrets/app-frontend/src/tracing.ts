import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { DocumentLoadInstrumentation } from '@opentelemetry/instrumentation-document-load';
import { FetchInstrumentation } from '@opentelemetry/instrumentation-fetch';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, WebTracerProvider } from '@opentelemetry/sdk-trace-web';
import type { AppConfig } from './app/config';
import { NetworkLatencyProcessor, noteAnswer } from './network-latency';
import { RedactingExporter } from './page-redaction';
import { parentBasedRatio } from './page-sampler';
import { VariantProcessor } from './ui-variant';

/**
 * A browser lets 64 KB of a page's requests outlive it, and a span has about 2 KB. What waits when the page is left must
 * fit in.
 */
const SMALL_BATCHES = { maxExportBatchSize: 20 };

/**
 * Makes the page tell what it does, and sends it to the collector. Call it before Angular starts: what is fetched
 * earlier is not traced.
 */
export function startTracing({ apiUrl, collectorUrl, tracesSampleRatio = 1 }: AppConfig): void {
  const exporter = new OTLPTraceExporter({ url: `${collectorUrl.replace(/\/$/, '')}/v1/traces` });
  const provider = new WebTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'murmur-web' }),
    sampler: parentBasedRatio(tracesSampleRatio),
    spanProcessors: [
      new VariantProcessor(),
      new NetworkLatencyProcessor(),
      new BatchSpanProcessor(new RedactingExporter(exporter), SMALL_BATCHES),
    ],
  });
  provider.register();
  registerInstrumentations({
    instrumentations: [
      new DocumentLoadInstrumentation(),
      new FetchInstrumentation({
        propagateTraceHeaderCorsUrls: [urlsOf(apiUrl)],
        applyCustomAttributesOnSpan: noteAnswer,
      }),
    ],
  });
}

/** All addresses of one origin, and nothing else: a trace header is nobody else's business. */
function urlsOf(url: string): RegExp {
  const { origin } = new URL(url, document.baseURI);
  return new RegExp(`^${origin.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}/`);
}
