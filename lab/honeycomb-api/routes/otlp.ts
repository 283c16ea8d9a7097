import type { LabApp } from '../../server/app.ts';
import type { HoneycombApiOptions } from '../options.ts';
import { OF_ALL } from './options.ts';

/** OTLP where Honeycomb takes it, beside its API: an exporter needs no other address. The receiver answers it. */
export function addOtlpRoutes(app: LabApp, { handle }: HoneycombApiOptions['collector']): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _body, done) => done(null));
  for (const path of ['/v1/traces', '/v1/metrics', '/v1/logs'])
    app.post(path, OF_ALL, async (request, reply) => {
      reply.hijack();
      await handle(request.raw, reply.raw);
    });
}
