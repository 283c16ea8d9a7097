const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Messages that could not be processed. Each waits before it is tried again, at every failure twice as long, so that
 * one that always fails does not hold up the others.
 */
export class FailedMessages {
  private readonly failures = new Map<string, { times: number; retryAtMs: number }>();

  /** @returns how long the message waits now, in milliseconds */
  add(id: string, nowMs = Date.now()): number {
    const times = (this.failures.get(id)?.times ?? 0) + 1;
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (times - 1), LONGEST_WAIT_MS);
    this.failures.set(id, { times, retryAtMs: nowMs + waitMs });
    return waitMs;
  }

  /** Forgets messages that were processed after all. */
  remove(ids: string[]): void {
    for (const id of ids) {
      this.failures.delete(id);
    }
  }

  /** @returns how long it is until the next of them is to be tried, in milliseconds; Infinity when there is none */
  untilNextTry(nowMs = Date.now()): number {
    const waits = [...this.failures.values()].map(({ retryAtMs }) => retryAtMs - nowMs);
    return Math.min(...waits.filter((ms) => ms > 0));
  }

  /** The messages that are not to be tried yet. */
  waiting(nowMs = Date.now()): string[] {
    return [...this.failures].filter(([, { retryAtMs }]) => retryAtMs > nowMs).map(([id]) => id);
  }
}
