import type { Span } from '../model.ts';

/** One request as the receiver saw and answered it. */
export interface ReceivedRequest {
  path: string;
  method: string;
  contentType: string;
  contentEncoding: string;
  origin?: string;
  headers: Record<string, string>;
  /** Length of the body as sent, before it was decompressed. */
  bytes: number;
  /** The answer; 0 if the sender went away before there was one. */
  status: number;
  /** What was read of it, also where it was refused. */
  spans: Span[];
  /** Why the request, or a part of it, was refused. */
  error?: string;
  /** When its headers had arrived; Unix epoch milliseconds. */
  atMs: number;
}

export interface ReceiverOptions {
  /** Default 127.0.0.1: nobody but this machine. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** Pages that may send here, for example http://localhost:4200. Default: none. */
  allowedOrigins?: readonly string[] | '*';
  /** Whether it answers under this Host header, at the port that the request came to. Default: under every one. */
  answersHost?: (host: string | undefined, port: number) => boolean;
  /** The longest body that is taken, in bytes, sent and decompressed. Default 16 MiB. */
  maxBytes?: number;
  /** Keep every request in `Receiver.requests`. Default false. */
  record?: boolean;
  /**
   * Gets the spans of a request. The 200 is answered only when it has resolved, so it must resolve when they are kept.
   * May throw a ReceiverBusy or a BodyRefused; any other error is answered with 500. `gone` is aborted when the sender
   * goes away before it was answered; a sink that does not want its spans then throws a BodyRefused with status 0.
   */
  sink?: (spans: Span[], request: ReceivedRequest, gone: AbortSignal) => Promise<void> | void;
  /** Called once for each request when its answer is known, refused ones and preflights too. */
  onRequest?: (request: ReceivedRequest) => void;
}

/** Thrown by a sink that cannot take spans now: the sender is asked to come again. */
export class ReceiverBusy extends Error {
  override name = 'ReceiverBusy';
  readonly retryAfterSeconds: number;
  readonly status: 429 | 503;

  constructor(retryAfterSeconds: number, status: 429 | 503 = 503) {
    super(`The receiver is busy; try again in ${retryAfterSeconds} s.`);
    this.retryAfterSeconds = retryAfterSeconds;
    this.status = status;
  }
}

export const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
