import type { BurnAlertChange, SloStatus } from '../api/index.ts';

export interface BurnAlertWatchOptions {
  /** how the SLOs stand now */
  measure: () => Promise<SloStatus[]>;
  publish: (change: BurnAlertChange) => void;
  /** gets a line for each alert that begins or ends */
  log?: (line: string) => void;
  /** after spans came: it is looked again so soon, and not sooner */
  soonMs?: number;
  /** without spans: events that leave a window change a burn rate, too */
  everyMs?: number;
}

const SOON_MS = 2_000;
const EVERY_MS = 60_000;
/** Of many spans a look takes long: under load it rests so many times as long, so that others' queries have the database. */
const REST = 10;

/** Tells when a burn alert begins and when it ends: on the lab's event stream, and in its own words. */
export class BurnAlertWatch {
  readonly #options: BurnAlertWatchOptions;
  readonly #triggered = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #soon: NodeJS.Timeout | null = null;
  /** how long the last look took */
  #tookMs = 0;
  #looking: Promise<void> | null = null;
  #closed = false;

  constructor(options: BurnAlertWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.look(), options.everyMs ?? EVERY_MS);
    this.#timer.unref();
  }

  /** Spans were stored. */
  stored(): void {
    if (this.#soon !== null || this.#closed) return;
    this.#soon = setTimeout(
      () => {
        this.#soon = null;
        void this.look();
      },
      Math.max(this.#options.soonMs ?? SOON_MS, REST * this.#tookMs),
    );
    this.#soon.unref();
  }

  /** Looks now; one look at a time. What cannot be measured is told by whoever asks for it. */
  look(): Promise<void> {
    const began = performance.now();
    this.#looking ??= this.#measured().finally(() => {
      this.#looking = null;
      this.#tookMs = performance.now() - began;
    });
    return this.#looking;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    if (this.#soon) clearTimeout(this.#soon);
    await this.#looking;
  }

  async #measured(): Promise<void> {
    const statuses = await this.#options.measure().catch(() => null);
    if (statuses === null || this.#closed) return;
    const seen = new Set<string>();
    for (const { slo, alerts } of statuses)
      for (const { alert, triggered, text } of alerts) {
        const key = JSON.stringify([slo.name, alert]);
        seen.add(key);
        if (triggered === this.#triggered.has(key)) continue;
        if (triggered) this.#triggered.add(key);
        else this.#triggered.delete(key);
        this.#options.publish({ slo: slo.name, triggered, text });
        this.#options.log?.(`${triggered ? 'Burn alert' : 'Burn alert over'}, ${slo.name}: ${text}`);
      }
    // Of a file that is gone nobody says that its alert is over.
    for (const key of this.#triggered) if (!seen.has(key)) this.#triggered.delete(key);
  }
}
