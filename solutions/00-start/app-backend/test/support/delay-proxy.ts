import { AddressInfo, connect, createServer, Socket } from 'node:net';

export interface DelayProxy {
  port: number;
  /** From now on nothing passes, and connections stay open: as if the server had frozen. */
  freeze(): void;
  close(): Promise<void>;
}

/** Forwards TCP to `targetPort` and holds back each answer, so that a round trip takes `delayMs` longer. On `port`, if one is given. */
export async function startDelayProxy(targetPort: number, delayMs: number, port = 0): Promise<DelayProxy> {
  const sockets = new Set<Socket>();
  let frozen = false;
  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1');
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    near.pipe(far);
    far.on('data', (chunk) => setTimeout(() => !frozen && near.write(chunk), delayMs));
    far.on('end', () => setTimeout(() => near.end(), delayMs));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    freeze: () => {
      frozen = true;
    },
    close: () => {
      for (const socket of sockets) {
        socket.destroy();
      }
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
