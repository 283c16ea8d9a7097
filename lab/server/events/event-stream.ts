import type { ServerResponse } from 'node:http';
import type { Hello } from '../../api/index.ts';
import type { EventLog } from './event-log.ts';

/** A page that hears nothing for two beats takes the stream for lost. */
export const BEAT_MS = 10_000;
/** A reader that has taken nothing for so many beats is gone. */
const PATIENT_BEATS = 3;
/** The page's stream begins again so soon after it broke. */
const RETRY_MS = 1_000;
/** Some proxies hold back the first kilobytes of an answer. */
const PADDING = `: ${' '.repeat(2_048)}\n`;

/** One open `text/event-stream`. It keeps no event: it knows how far it has read in the log. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #log: EventLog;
  readonly #beat: NodeJS.Timeout;
  readonly #unlisten: () => void;
  #position: number;
  /** beats since the reader's buffer was full; null while it takes what comes */
  #fullFor: number | null = null;

  /** @param since what the reader knows already; absent: it begins now */
  constructor(response: ServerResponse, log: EventLog, since: number | undefined, beatMs = BEAT_MS) {
    this.#response = response;
    this.#log = log;
    const gap = since !== undefined && log.after(since) === 'gap';
    this.#position = since === undefined || gap ? log.lastId : since;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    response.on('error', () => this.close());
    response.on('close', () => this.close());
    response.on('drain', () => {
      this.#fullFor = null;
      this.#pump();
    });
    this.#beat = setInterval(() => this.#keepAlive(), beatMs);
    this.#unlisten = log.listen(() => this.#pump());
    this.#write(`${PADDING}retry: ${RETRY_MS}\n`);
    this.#hello({ gap, beatMs });
    this.#pump();
  }

  close(): void {
    clearInterval(this.#beat);
    this.#unlisten();
    this.#response.end();
  }

  /** Sends what is new, as long as the reader takes it. */
  #pump(): void {
    while (this.#fullFor === null) {
      const event = this.#log.after(this.#position);
      if (event === null) return;
      if (event === 'gap') {
        this.#position = this.#log.lastId;
        this.#hello({ gap: true, beatMs: BEAT_MS });
        continue;
      }
      this.#position = event.id;
      this.#write(frame(event.kind, event.json, event.id));
    }
  }

  #hello(about: Omit<Hello, 'id'>): void {
    const hello: Hello = { id: this.#position, ...about };
    this.#write(frame('hello', JSON.stringify(hello), this.#position));
  }

  #keepAlive(): void {
    if (this.#fullFor === null) this.#write(frame('beat', '{}'));
    else if (++this.#fullFor >= PATIENT_BEATS) this.#response.destroy();
  }

  #write(text: string): void {
    if (!this.#response.write(text)) this.#fullFor ??= 0;
  }
}

/** JSON has no line breaks, so the data is one line. */
function frame(kind: string, json: string, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${kind}\ndata: ${json}\n\n`;
}
