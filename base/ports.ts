import { type AddressInfo, connect, createServer } from 'node:net';

/** True if a server could listen on the port now: on the loopback address as well as on all addresses. */
export async function isFree(port: number): Promise<boolean> {
  // Both, since on macOS one may listen on all addresses beside another on the loopback address.
  return (await canListen(port, '127.0.0.1')) && (await canListen(port));
}

function canListen(port: number, host?: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, exclusive: true, ...(host && { host }) }, () => server.close(() => resolve(true)));
  });
}

/**
 * True if something on this machine accepts a connection within `maxMs` milliseconds. It sends nothing: a request would
 * leave a span in the learner's traces.
 */
export function accepts(port: number, { host = 'localhost', maxMs = 1000 } = {}): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const finish = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.setTimeout(maxMs, () => finish(false));
  });
}

/** A port of the loopback address that is free now. Another program may take it before it is used. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
