import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createReceiverHandler } from './handler.ts';
import type { ReceivedRequest, ReceiverOptions } from './options.ts';

export { BodyRefused, decompress as decompressBody } from './body.ts';
export { createReceiverHandler } from './handler.ts';
export { type ReceivedRequest, ReceiverBusy, type ReceiverOptions } from './options.ts';

export interface Receiver {
  /** For example http://127.0.0.1:4318, without a path. */
  url: string;
  port: number;
  /** Every request answered so far; filled only with `record: true`. */
  requests: ReceivedRequest[];
  /** Takes no new request, lets those under way finish for at most two seconds, then resolves. */
  close(): Promise<void>;
}

const CLOSE_MS = 2000;

/**
 * Starts an OTLP/HTTP receiver for traces on its own port.
 * Rejects if the port cannot be had (the error's `code` says why, for example EADDRINUSE).
 */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const handle = createReceiverHandler({
    ...options,
    onRequest: (request) => {
      if (options.record) requests.push(request);
      options.onRequest?.(request);
    },
  });
  const server = http.createServer(handle);
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      const force = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
      server.close(() => {
        clearTimeout(force);
        resolve();
      });
      server.closeIdleConnections();
    });
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port, requests, close };
}
