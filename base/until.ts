import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  /** after so many milliseconds the answer is no; 5,000 when it is not said */
  maxMs?: number;
  /** how many milliseconds lie between two looks; 20 when it is not said */
  everyMs?: number;
  /** says that the condition will never come true, so that nobody waits for it */
  giveUp?: () => boolean;
}

/** Waits for a condition. False if it is not true in time, or once `giveUp` says so. What the condition throws is thrown. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { maxMs = 5000, everyMs = 20, giveUp = () => false }: Patience = {},
): Promise<boolean> {
  const end = performance.now() + maxMs;
  for (;;) {
    if (await condition()) return true;
    if (giveUp() || performance.now() > end) return false;
    await delay(everyMs);
  }
}
