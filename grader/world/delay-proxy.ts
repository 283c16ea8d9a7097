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
  /** How fast answers may come from now on, in bytes per millisecond, which is kilobytes per second; null: at once. */
  setAnswerRate(bytesPerMs: number | null): void;
  /** Breaks all connections that are open, without a word to either side. New ones are accepted. */
  breakConnections(): void;
  close(): Promise<void>;
}

/** setTimeout is whole milliseconds and up to about one late, so the last stretch is waited for turn by turn. */
const TIMER_SLACK_MS = 1.2;
/** What passes at once where a rate is set. The first bytes of an HTTP answer are fewer than its head. */
const SLICE_BYTES = 256;
/** What one way may hold in memory before its sender has to wait. */
const MAX_HELD_BYTES = 4 * 1024 * 1024;

/** Starts a TCP proxy that adds a delay each way. It serves the database and the way between page and API. */
export async function startDelayProxy(options: DelayProxyOptions): Promise<DelayProxy> {
  const sockets = new Set<Socket>();
  const there: Way = { delayMs: options.delayMs ?? 0, bytesPerMs: null };
  const back: Way = { ...there };
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
      for (const wire of [new Wire(near, far, there), new Wire(far, near, back)]) {
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

  const breakConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    get accepted() {
      return accepted;
    },
    setDelay(delayMs) {
      there.delayMs = delayMs;
      back.delayMs = delayMs;
    },
    setAnswerRate(bytesPerMs) {
      back.bytesPerMs = bytesPerMs;
    },
    breakConnections,
    close() {
      breakConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Way {
  delayMs: number;
  bytesPerMs: number | null;
}

/** One direction of one connection: chunks leave in the order they came, each no earlier than it is due. */
class Wire {
  readonly #held: { chunk: Buffer | null; dueMs: number }[] = [];
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #way: Way;
  #heldBytes = 0;
  #waiting = false;
  #cut = false;

  constructor(from: Socket, to: Socket, way: Way) {
    this.#from = from;
    this.#to = to;
    this.#way = way;
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
    const { delayMs, bytesPerMs } = this.#way;
    if (chunk !== null && delayMs === 0 && bytesPerMs === null && this.#held.length === 0) {
      this.#write(chunk);
      return;
    }
    const dueMs = performance.now() + delayMs;
    if (chunk === null || bytesPerMs === null) this.#held.push({ chunk, dueMs });
    else this.#holdInSlices(chunk, dueMs, bytesPerMs);
    this.#heldBytes += chunk?.length ?? 0;
    if (this.#heldBytes > MAX_HELD_BYTES) this.#from.pause();
    this.#pump();
  }

  /** Each slice is due when those before it have passed at that rate. */
  #holdInSlices(chunk: Buffer, dueMs: number, bytesPerMs: number): void {
    for (let at = 0; at < chunk.length; at += SLICE_BYTES) {
      const slice = chunk.subarray(at, at + SLICE_BYTES);
      this.#held.push({ chunk: slice, dueMs });
      dueMs += slice.length / bytesPerMs;
    }
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
