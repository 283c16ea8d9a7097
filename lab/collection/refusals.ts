import type { ReceivedRequest } from '@workshop/telemetry';

/** So long a refusal is said. Who sends wrongly sends again within seconds. */
const SAID_MS = 600_000;
const MOST_CHARACTERS = 300;

export interface Refusal {
  /** the HTTP status that the sender got */
  status: number;
  path: string;
  /** of the page that sent it; null: no page */
  origin: string | null;
  /** what the sender was told */
  reason: string;
  /** Unix milliseconds */
  atMs: number;
}

/** Requests that the sender must change before they can be taken: broken, too big, of a wrong type, to a wrong path. */
export class Refusals {
  count = 0;
  last: Refusal | null = null;

  saw({ status, path, origin, error, atMs }: ReceivedRequest): void {
    if (status < 400 || status >= 500 || status === 429) return;
    this.count++;
    const short = (text: string): string => text.slice(0, MOST_CHARACTERS);
    this.last = {
      status,
      path: short(path),
      origin: origin === undefined ? null : short(origin),
      reason: short(error ?? ''),
      atMs,
    };
  }

  /** A sentence as long as it is fresh. */
  sentences(nowMs: number): string[] {
    if (this.last === null || nowMs - this.last.atMs > SAID_MS) return [];
    const count = this.count === 1 ? 'A request with spans was' : `${this.count} requests with spans were`;
    return [`${count} refused${this.count === 1 ? '' : ', the last one'}: ${this.last.reason}`];
  }
}
