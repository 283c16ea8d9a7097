/** The server's end of one captured process. */
import type { Socket } from 'node:net';
import type { Attributes } from '@workshop/telemetry';
import { FollowedSpans } from './followed-spans.ts';
import type {
  CaptureConnection,
  CapturedSpan,
  CaptureState,
  CollectedSpans,
  MadeSpan,
  ServedRequest,
  StrangerSpan,
  UnendedSpan,
} from './types.ts';

/** Spans as they travel: each different resource once for all. */
interface PackedSpans {
  resources: Attributes[];
  spans: (Omit<CapturedSpan, 'resource' | 'origin'> & { resource: number; seq: number })[];
}
type Reply = { error?: string } & Record<string, unknown>;
interface Pending {
  parts: PackedSpans[];
  resolve: (reply: Reply) => void;
  reject: (error: Error) => void;
}
type UnownedUnended = Omit<UnendedSpan, 'origin'>;

export interface Hello {
  process: string;
  pid: number;
  ppid: number;
  argv: string[];
}

/** A message of the process after its hello. */
export type ProcessMessage =
  | ({ t: 'spans' } & PackedSpans)
  | ({ t: 'part'; id: number } & PackedSpans)
  | ({ t: 'reply'; id: number } & Reply)
  | ({ t: 'goodbye'; code: number; state: CaptureState; unended: UnownedUnended[] } & PackedSpans);

/** How much longer than asked for an answer may take: a busy event loop answers late. */
const GRACE_MS = 10_000;

export class ProcessConnection implements CaptureConnection {
  readonly process: string;
  readonly pid: number;
  readonly ppid: number;
  readonly argv: string[];
  readonly ports: CaptureConnection['ports'];
  live = true;
  exit: CaptureConnection['exit'] = null;
  #exitCode: number | null = null;
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #known: CaptureState | null = null;
  #last: CollectedSpans = { spans: [], unended: [], lastSeq: 0 };
  readonly #followed = new FollowedSpans();

  constructor(socket: Socket, hello: Hello) {
    this.#socket = socket;
    this.ports = { local: socket.remotePort ?? 0, remote: socket.localPort ?? 0 };
    this.process = hello.process;
    this.pid = hello.pid;
    this.ppid = hello.ppid;
    this.argv = hello.argv;
  }

  get followed(): readonly CapturedSpan[] {
    return this.#followed.all;
  }

  async state(): Promise<CaptureState> {
    if (!this.live) {
      if (this.#known) return this.#known;
      throw new Error(`process ${this.pid} has ended and told nothing`);
    }
    const { state } = await this.#ask('state', {}, 0);
    this.#known = state as CaptureState;
    return this.#known;
  }

  lastState(): CaptureState | null {
    return this.#known;
  }

  async collect(sinceSeq: number): Promise<CollectedSpans> {
    if (!this.live) {
      const known = [...this.followed, ...this.#last.spans];
      return { ...this.#last, spans: known.filter((span) => span.origin.seq > sinceSeq) };
    }
    const { parts, unended, lastSeq } = await this.#ask('collect', { sinceSeq }, 0);
    return {
      spans: (parts as PackedSpans[]).flatMap((part) => this.#unpack(part)),
      unended: this.#own(unended as UnownedUnended[]),
      lastSeq: lastSeq as number,
    };
  }

  async settle(options: { quietMs: number; maxMs: number }): Promise<{ settled: boolean; open: number }> {
    if (!this.live) return { settled: this.#last.unended.length === 0, open: this.#last.unended.length };
    const { settled, open } = await this.#ask('settle', options, options.maxMs);
    return { settled: settled as boolean, open: open as number };
  }

  async requests(sinceSeq: number): Promise<ServedRequest[]> {
    if (!this.live) return [];
    const { requests } = await this.#ask('requests', { sinceSeq }, 0);
    return requests as ServedRequest[];
  }

  async setClockSkew(skewMs: number): Promise<void> {
    if (this.live) await this.#ask('set-clock', { skewMs }, 0);
  }

  async makeSpans(spans: readonly StrangerSpan[]): Promise<MadeSpan[]> {
    if (!this.live) return spans.map(() => ({ traceId: null, spanId: null }));
    const { made } = await this.#ask('make-spans', { spans }, 0);
    return made as MadeSpan[];
  }

  async terminate(): Promise<void> {
    if (this.live) await this.#ask('terminate', {}, 0);
  }

  async flush(maxMs: number): Promise<void> {
    if (this.live) await this.#ask('flush', { maxMs }, maxMs);
  }

  async keepCode(): Promise<void> {
    if (this.live) await this.#ask('keep-code', {}, 0);
  }

  /** Takes a message of the process. */
  receive(message: ProcessMessage): void {
    if (message.t === 'spans') {
      this.#followed.add(this.#unpack(message));
      return;
    }
    if (message.t === 'goodbye') {
      this.#known = message.state;
      this.#exitCode = message.code;
      const spans = this.#unpack(message);
      this.#last = { spans, unended: this.#own(message.unended), lastSeq: spans.at(-1)?.origin.seq ?? 0 };
      return;
    }
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    if (message.t === 'part') {
      pending.parts.push(message);
      return;
    }
    this.#pending.delete(message.id);
    if (message.error) pending.reject(new Error(`capture in process ${this.pid}: ${message.error}`));
    else pending.resolve({ ...message, parts: pending.parts });
  }

  /** The socket is closed: the process has ended, or let go. */
  end(): void {
    this.live = false;
    this.exit = { code: this.#exitCode, atMs: Date.now() };
    for (const { reject } of this.#pending.values())
      reject(new Error(`process ${this.pid} ended before it answered`));
    this.#pending.clear();
  }

  /** Tells the process to go on without the capture. */
  detach(): void {
    this.#socket.write(`${JSON.stringify({ command: 'detach' })}\n`);
  }

  #ask(command: string, details: object, maxMs: number): Promise<Reply> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new Error(`process ${this.pid} did not answer "${command}" within ${maxMs + GRACE_MS} ms`));
      }, maxMs + GRACE_MS);
      const settle =
        <T>(done: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          done(value);
        };
      this.#pending.set(id, { parts: [], resolve: settle(resolve), reject: settle(reject) });
      this.#socket.write(`${JSON.stringify({ id, command, ...details })}\n`);
    });
  }

  #unpack({ spans, resources }: PackedSpans): CapturedSpan[] {
    return spans.map(({ seq, resource, ...span }) => ({
      ...span,
      resource: resources[resource] ?? {},
      origin: { process: this.process, pid: this.pid, seq },
    }));
  }

  #own(unended: UnownedUnended[]): UnendedSpan[] {
    return unended.map((span) => ({ ...span, origin: { process: this.process, pid: this.pid } }));
  }
}
