import { type AddressInfo, connect, createServer } from 'node:net';

const lookMs = 50;

/**
 * Waits for a condition. False if it is not true in time, or if `over` says that it will never be.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  patienceMs: number,
  over: () => boolean = () => false,
): Promise<boolean> {
  for (const deadline = Date.now() + patienceMs; ; ) {
    if (await condition()) return true;
    if (over() || Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

/** True if something listens on the port. It only connects: a request would leave a span in the learner's traces. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: 'localhost', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A port that is free now. */
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
