import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chainFiles, type Tree, treeOfFiles } from '../../../tree/index.ts';

/** A web SDK as a learner sets it up: before Angular, with the fetch and document-load instrumentations. */
export const tracing = `
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { DocumentLoadInstrumentation } from '@opentelemetry/instrumentation-document-load';
import { FetchInstrumentation } from '@opentelemetry/instrumentation-fetch';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, WebTracerProvider } from '@opentelemetry/sdk-trace-web';

export function startTracing(config: { apiUrl: string; collectorUrl: string }): void {
  const provider = new WebTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'murmur-web' }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: config.collectorUrl + '/v1/traces' }))],
  });
  provider.register();
  registerInstrumentations({
    instrumentations: [
      new DocumentLoadInstrumentation(),
      new FetchInstrumentation({ propagateTraceHeaderCorsUrls: [new RegExp('^' + config.apiUrl)] }),
    ],
  });
}
`;

/** main.ts that starts the tracing above once the addresses are known. */
export const tracedMain = `
import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app/app';
import { appConfig } from './app/app.config';
import { loadConfig, provideConfig } from './app/config';
import { showStartFailure } from './app/start-failure';
import { startTracing } from './tracing';

async function start(): Promise<void> {
  const config = await loadConfig();
  startTracing(config);
  await bootstrapApplication(App, { providers: [appConfig.providers, provideConfig(config)] });
}

start().catch(showStartFailure);
`;

/** What the API must answer to a preflight so that a traced request of another origin passes. */
export const allowTraceHeaders = (http: string): string =>
  http.replace("'authorization']", "'authorization', 'traceparent', 'tracestate', 'baggage']");

/**
 * A tree of the chain with other files laid over it: path in the tree to text.
 * @param upTo number of the last solution in it
 */
export async function treeWith(
  upTo: number,
  overlay: Record<string, string | ((text: string) => string)>,
  label = 'a test tree',
): Promise<Tree> {
  const files = new Map(await chainFiles(upTo));
  const { readFile } = await import('node:fs/promises');
  const folder = await mkdtemp(path.join(tmpdir(), 'page-tree-'));
  try {
    for (const [file, text] of Object.entries(overlay)) {
      const target = path.join(folder, file);
      await mkdir(path.dirname(target), { recursive: true });
      const before = files.get(file);
      const content = typeof text === 'string' ? text : text(before ? await readFile(before, 'utf8') : '');
      await writeFile(target, content);
      files.set(file, target);
    }
    return await treeOfFiles(files, label);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The traced page on an API with the solution of exercise 1. */
export function tracedTree(overlay: Parameters<typeof treeWith>[1] = {}): Promise<Tree> {
  return treeWith(1, {
    'app-frontend/src/tracing.ts': tracing,
    'app-frontend/src/main.ts': tracedMain,
    'app-backend/src/http.ts': allowTraceHeaders,
    ...overlay,
  });
}
