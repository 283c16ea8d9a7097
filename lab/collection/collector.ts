import {
  createReceiverHandler,
  type Receiver,
  ReceiverBusy,
  type ReceiverOptions,
  type Span,
  startReceiver,
} from '@workshop/telemetry';
import { type Store, StoreBusy, type WriteResult } from '../store/index.ts';
import { type Refusal, Refusals } from './refusals.ts';
import { SenderClocks } from './sender-clocks.ts';

export interface CollectorOptions {
  store: Pick<Store, 'write'>;
  /** 4318 by default: the port that SDKs send to unless told otherwise */
  port?: number;
  host?: string;
  /** pages that may send here */
  allowedOrigins?: readonly string[] | '*';
  /** under which Host headers it takes spans; absent: under every one */
  answersHost?: (host: string | undefined, port: number) => boolean;
  /** largest body, decompressed; bytes */
  maxBytes?: number;
  /** gets the same spans after they are stored; what it throws is only counted */
  forward?: (spans: readonly Span[]) => Promise<void> | void;
  /** gets spans of which one at least is new, after they are stored; must not throw */
  onStored?: (spans: readonly Span[]) => void;
}

export interface CollectorCounts {
  spans: number;
  duplicates: number;
  /** requests that were asked to come again */
  busy: number;
  /** of them those that the store could not write, since its disk is full for example */
  failed: number;
  /** requests that were refused: broken, too big, of a wrong type, to a wrong path */
  refused: number;
  forwardErrors: number;
}

export interface Collector {
  receiver: Receiver;
  /** answers an OTLP request that came to another port, as the receiver would */
  handle: ReturnType<typeof createReceiverHandler>;
  counts: CollectorCounts;
  /**
   * Stores spans that came another way than by OTLP, as if they had.
   * @throws ReceiverBusy when they cannot be stored now
   */
  take(spans: readonly Span[]): Promise<WriteResult>;
  /** the last of the requests that were refused */
  readonly lastRefusal: Refusal | null;
  /** how far the clock of each sender seems ahead of this machine's, by its last request; milliseconds, by service */
  clocks(): ReadonlyMap<string, number>;
  /** what a person should know; empty when all is well */
  trouble(): string[];
  close(): Promise<void>;
}

export const OTLP_PORT = 4318;

/** A disk does not become free at once. */
const FAILED_RETRY_SECONDS = 5;

/** OTLP/HTTP in, store out. A request is answered 200 when its spans are durable. */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const counts: CollectorCounts = {
    spans: 0,
    duplicates: 0,
    busy: 0,
    failed: 0,
    refused: 0,
    forwardErrors: 0,
  };
  const clocks = new SenderClocks();
  const refusals = new Refusals();
  let trouble: string | null = null;
  const take = async (spans: readonly Span[], forwardsCopies = true): Promise<WriteResult> => {
    if (spans.length === 0) return { stored: 0, duplicates: 0 };
    let result: WriteResult;
    try {
      result = await options.store.write(spans);
    } catch (error) {
      if (error instanceof StoreBusy) counts.busy++;
      else {
        counts.failed++;
        trouble = `The last spans could not be stored: ${(error as Error).message.split('\n')[0]}`;
      }
      // Clients send again after 503, and not after 500: what the store cannot take now is not lost.
      const seconds = error instanceof StoreBusy ? error.retryAfterSeconds : FAILED_RETRY_SECONDS;
      throw new ReceiverBusy(seconds, 503);
    }
    trouble = null;
    counts.spans += result.stored;
    counts.duplicates += result.duplicates;
    if (result.stored > 0) options.onStored?.(spans);
    else if (!forwardsCopies) return result;
    try {
      await options.forward?.(spans);
    } catch {
      counts.forwardErrors++;
    }
    return result;
  };
  const receiving = (forwardsCopies: boolean): ReceiverOptions => ({
    allowedOrigins: options.allowedOrigins ?? [],
    answersHost: options.answersHost,
    maxBytes: options.maxBytes,
    sink: async (spans) => {
      clocks.saw(spans, Date.now());
      await take(spans, forwardsCopies);
    },
    onRequest: (request) => {
      refusals.saw(request);
      counts.refused = refusals.count;
    },
  });
  const { host = '127.0.0.1', port = OTLP_PORT } = options;
  const receiver = await startReceiver({ ...receiving(true), host, port });
  return {
    receiver,
    // A lab that forwards to its own address gets copies: they must not go round for ever.
    handle: createReceiverHandler(receiving(false)),
    counts,
    take: (spans) => take(spans),
    get lastRefusal() {
      return refusals.last;
    },
    clocks: () => clocks.aheadMs(),
    trouble: () => [
      ...(trouble === null ? [] : [trouble]),
      ...refusals.sentences(Date.now()),
      ...clocks.wrong(),
    ],
    close: () => receiver.close(),
  };
}
