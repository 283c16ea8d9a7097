/** A database as a watch sees it. */
export interface WatchedDatabase {
  /** Resolves when it answers; anything else within the limit, a rejection too, is silence. */
  ask(): Promise<unknown>;
  /** Starts it again, whatever is left of it; absent: it is somebody else's, and only they can. */
  restart?: () => Promise<void>;
}

export interface DatabaseWatchOptions {
  /** Gets one sentence when it is lost, and one when it is back. */
  say: (text: string) => void;
  /** It answers again. */
  onReturn: () => void;
  /** Tests take shorter times. Milliseconds. */
  times?: Partial<typeof TIMES>;
}

const TIMES = {
  /** between two questions */
  pauseMs: 1_000,
  /** so long an answer may take */
  answerMs: 3_000,
  /** so long a silent one is waited for before it is started again; one that refuses connections is gone for certain */
  patienceMs: 10_000,
};

/**
 * Looks after the database while Murmur runs: says when it is lost, starts it again when it ended or stays silent, and says
 * when it is back.
 */
export class DatabaseWatch {
  readonly #database: WatchedDatabase;
  readonly #options: DatabaseWatchOptions;
  readonly #times: typeof TIMES;
  readonly #stopped = Promise.withResolvers<void>();
  #stopping = false;
  readonly #watching: Promise<void>;

  constructor(database: WatchedDatabase, options: DatabaseWatchOptions) {
    this.#database = database;
    this.#options = options;
    this.#times = { ...TIMES, ...options.times };
    this.#watching = this.#watch();
  }

  /** Resolves when it looks no more, and starts nothing again. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#stopped.resolve();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    while (!this.#stopping) {
      await this.#pause(this.#times.pauseMs);
      if (this.#stopping || (await this.#look()) === 'answers' || this.#stopping) continue;
      await this.#bringBack();
    }
  }

  async #bringBack(): Promise<void> {
    const { say, onReturn } = this.#options;
    const { restart } = this.#database;
    const { pauseMs, patienceMs } = this.#times;
    const lostAt = performance.now();
    let said: string | null = null;
    let state = await this.#look();
    // One answer that came late is no loss.
    if (state === 'answers') return;
    const wait = `If it stays silent for ${patienceMs / 1000} s it is started again.`;
    if (!restart) say('The database does not answer. Murmur goes on when it does.');
    else
      say(
        state === 'gone'
          ? 'The database is gone. It is started again.'
          : `The database does not answer. ${wait}`,
      );
    while (!this.#stopping && state !== 'answers') {
      const isLost = state === 'gone' || performance.now() - lostAt > patienceMs;
      if (restart && isLost) {
        const trouble = await restart().then(
          () => null,
          (error: Error) => `It could not be started: ${error.message.split('\n')[0]}`,
        );
        if (trouble !== null && trouble !== said) say(trouble);
        said = trouble;
      }
      state = await this.#look();
      if (state !== 'answers') await this.#pause(pauseMs);
    }
    if (this.#stopping) return;
    say('The database is there again.');
    onReturn();
  }

  /** `gone`: it refuses or has closed the connection; `silent`: no answer in time. */
  async #look(): Promise<'answers' | 'silent' | 'gone'> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<'silent'>((resolve) => {
      timer = setTimeout(resolve, this.#times.answerMs, 'silent' as const);
    });
    const answer = this.#database.ask().then(
      () => 'answers' as const,
      () => 'gone' as const,
    );
    const stop = this.#stopped.promise.then(() => 'silent' as const);
    try {
      return await Promise.race([answer, silence, stop]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([over, this.#stopped.promise]);
    clearTimeout(timer);
  }
}
