import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { BodyRefused, createReceiverHandler, type ReceivedRequest } from '@workshop/telemetry';
import { listenOnLoopback } from './loopback-server.ts';

/**
 * How a collector is: there; away, so that every connection breaks at once; or slow, so that an answer takes so many
 * milliseconds. A slow one keeps spans only from a sender that waits for its answer.
 */
export type CollectorCondition = 'there' | 'away' | { slowMs: number };

/** An OTLP receiver whose condition a scenario can change. */
export interface OtlpCollector {
  /** for example http://127.0.0.1:4318, without a path */
  url: string;
  /** every request that was answered, and those whose sender did not wait: their status is 0 */
  requests: ReceivedRequest[];
  /** when it was called in vain, while it was away; Unix epoch milliseconds */
  readonly inVain: readonly number[];
  /** From now on, also for connections that are open. */
  setCondition(condition: CollectorCondition): void;
  close(): Promise<void>;
}

/**
 * Starts a collector on a free port of the loopback address.
 *
 * One that is away keeps its port and breaks what comes in: were the port given back, another program could get it.
 *
 * @param requests where it writes down what it was sent; several collectors may share one list
 */
export async function startCollector(requests: ReceivedRequest[] = []): Promise<OtlpCollector> {
  const sockets = new Set<Socket>();
  const inVain: number[] = [];
  let condition: CollectorCondition = 'there';
  const handle = createReceiverHandler({
    allowedOrigins: '*',
    onRequest: (request) => void requests.push(request),
    async sink(_spans, _request, gone) {
      if (typeof condition !== 'object') return;
      await delay(condition.slowMs, undefined, { signal: gone }).catch(() => {});
      if (gone.aborted) throw new BodyRefused(0, 'The sender did not wait for the answer.');
    },
  });
  const server = createServer(handle);
  server.on('connection', (socket: Socket) => {
    if (condition === 'away') {
      inVain.push(Date.now());
      socket.on('error', () => {});
      socket.resetAndDestroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    inVain,
    setCondition(next) {
      condition = next;
      if (next === 'away') for (const socket of sockets) socket.resetAndDestroy();
    },
    close,
  };
}
