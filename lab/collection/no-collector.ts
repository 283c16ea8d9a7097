import type { ServerResponse } from 'node:http';
import type { Collector } from './collector.ts';

/** What a lab without a receiver has in its place: nothing comes in, and whoever sends is told so. */
export function noCollector(reason: () => Error): Omit<Collector, 'receiver' | 'close'> {
  return {
    async handle(_request, response: ServerResponse) {
      // google.rpc.Status, as OTLP wants it; 12 is UNIMPLEMENTED, which no client sends again.
      response.writeHead(501, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ code: 12, message: reason().message }));
    },
    counts: { spans: 0, duplicates: 0, busy: 0, failed: 0, refused: 0, forwardErrors: 0 },
    take: () => Promise.reject(reason()),
    lastRefusal: null,
    clocks: () => new Map(),
    trouble: () => [],
  };
}
