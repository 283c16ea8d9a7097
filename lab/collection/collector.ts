import { type Receiver, ReceiverBusy, type Span, startReceiver } from '@workshop/telemetry';
import { type Store, StoreBusy } from '../store/index.ts';

export interface CollectorOptions {
  store: Pick<Store, 'write'>;
  /** 4318 by default: the port that SDKs send to unless told otherwise */
  port?: number;
  host?: string;
  /** pages that may send here */
  allowedOrigins?: readonly string[] | '*';
  /** largest body, decompressed; bytes */
  maxBytes?: number;
  /** gets the same spans after they are stored; what it throws is only counted */
  forward?: (spans: readonly Span[]) => Promise<void> | void;
}

export interface CollectorCounts {
  spans: number;
  duplicates: number;
  /** requests that were asked to come again */
  busy: number;
  /** requests that were refused: broken, too big, of a wrong type, to a wrong path */
  refused: number;
  forwardErrors: number;
}

export interface Collector {
  receiver: Receiver;
  counts: CollectorCounts;
  close(): Promise<void>;
}

export const OTLP_PORT = 4318;

/** OTLP/HTTP in, store out. A request is answered 200 when its spans are durable. */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const counts: CollectorCounts = { spans: 0, duplicates: 0, busy: 0, refused: 0, forwardErrors: 0 };
  const receiver = await startReceiver({
    host: options.host ?? '127.0.0.1',
    port: options.port ?? OTLP_PORT,
    allowedOrigins: options.allowedOrigins ?? [],
    maxBytes: options.maxBytes,
    sink: async (spans) => {
      if (spans.length === 0) return;
      try {
        const { stored, duplicates } = await options.store.write(spans);
        counts.spans += stored;
        counts.duplicates += duplicates;
      } catch (error) {
        if (!(error instanceof StoreBusy)) throw error;
        counts.busy++;
        throw new ReceiverBusy(error.retryAfterSeconds, 503);
      }
      try {
        await options.forward?.(spans);
      } catch {
        counts.forwardErrors++;
      }
    },
    onRequest: (request) => {
      if (request.status >= 400 && request.status < 500) counts.refused++;
    },
  });
  return { receiver, counts, close: () => receiver.close() };
}
