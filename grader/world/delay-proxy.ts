import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface DelayProxyOptions {
  /** may come later, with `ready` */
  targetPort?: number;
  /** default 127.0.0.1 */
  targetHost?: string;
  /** Milliseconds added on each of the two ways; may have a fraction. Default 0. */
  delayMs?: number;
  /** Port to listen on; default 0: any. Always on the loopback address. */
  port?: number;
  /** Until it says where the target is, connections are accepted and wait. A rejection closes them. */
  ready?: Promise<{ host: string; port: number }>;
}

/** A wire of a chosen length: everything passes, in order, later. */
export interface DelayProxy {
  port: number;
  /** Connections ever accepted. */
  readonly accepted: number;
  /** Milliseconds each way, for all chunks from now on. Never lets a later chunk overtake an earlier one. */
  setDelay(delayMs: number): void;
  close(): Promise<void>;
}

/** setTimeout is whole milliseconds and up to about one late, so the last stretch is waited for turn by turn. */
const TIMER_SLACK_MS = 1.2;
/** What one way may hold in memory before its sender has to wait. */
const MAX_HELD_BYTES = 4 * 1024 * 1024;

/** Starts a TCP proxy that adds a delay each way. It serves the database and the way between page and API. */
export async function startDelayProxy(options: DelayProxyOptions): Promise<DelayProxy> {
  const sockets = new Set<Socket>();
  const link: Link = { delayMs: options.delayMs ?? 0 };
  let accepted = 0;
  let target = options.targetPort && { host: options.targetHost ?? '127.0.0.1', port: options.targetPort };
  options.ready?.then(
    (found) => {
      target = found;
    },
    () => {},
  );

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    accepted++;
    near.on('error', () => near.destroy());
    near.once('close', () => sockets.delete(near));
    sockets.add(near);
    const join = () => {
      if (near.destroyed || !target) return;
      const far = connect({ ...target, allowHalfOpen: true, noDelay: true });
      sockets.add(far);
      far.on('error', () => near.destroy());
      far.once('close', () => {
        sockets.delete(far);
        // After an orderly end, what is still held must arrive; after anything else there is nothing to wait for.
        if (!far.readableEnded) near.destroy();
      });
      near.once('close', () => far.destroy());
      for (const wire of [new Wire(near, far, link), new Wire(far, near, link)]) {
        near.once('close', () => wire.cut());
      }
    };
    if (target) join();
    else options.ready?.then(join, () => near.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });

  return {
    port: (server.address() as AddressInfo).port,
    get accepted() {
      return accepted;
    },
    setDelay(delayMs) {
      link.delayMs = delayMs;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Link {
  delayMs: number;
}

/** One direction of one connection: chunks leave in the order they came, each no earlier than it is due. */
class Wire {
  readonly #held: { chunk: Buffer | null; dueMs: number }[] = [];
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #link: Link;
  #heldBytes = 0;
  #waiting = false;
  #cut = false;

  constructor(from: Socket, to: Socket, link: Link) {
    this.#from = from;
    this.#to = to;
    this.#link = link;
    from.on('data', (chunk) => this.#hold(chunk as Buffer));
    from.once('end', () => this.#hold(null));
    to.on('drain', () => from.resume());
  }

  /** Drops what is held: the connection is gone. */
  cut(): void {
    this.#cut = true;
    this.#held.length = 0;
  }

  #hold(chunk: Buffer | null): void {
    if (chunk !== null && this.#link.delayMs === 0 && this.#held.length === 0) {
      this.#write(chunk);
      return;
    }
    this.#held.push({ chunk, dueMs: performance.now() + this.#link.delayMs });
    this.#heldBytes += chunk?.length ?? 0;
    if (this.#heldBytes > MAX_HELD_BYTES) this.#from.pause();
    this.#pump();
  }

  /** Sends what is due, then waits for the next. */
  #pump(): void {
    if (this.#waiting || this.#cut) return;
    for (let next = this.#held[0]; next !== undefined; next = this.#held[0]) {
      const remainingMs = next.dueMs - performance.now();
      if (remainingMs > 0) {
        this.#waiting = true;
        const again = () => {
          this.#waiting = false;
          this.#pump();
        };
        if (remainingMs > TIMER_SLACK_MS) setTimeout(again, Math.floor(remainingMs - TIMER_SLACK_MS) || 1);
        else setImmediate(again);
        return;
      }
      this.#held.shift();
      if (next.chunk === null) {
        this.#to.end();
      } else {
        this.#heldBytes -= next.chunk.length;
        this.#write(next.chunk);
      }
    }
    if (this.#heldBytes === 0 && this.#from.isPaused() && !this.#to.writableNeedDrain) this.#from.resume();
  }

  #write(chunk: Buffer): void {
    if (!this.#to.write(chunk)) this.#from.pause();
  }
}
