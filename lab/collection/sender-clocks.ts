import { endMs, type Span, serviceOf } from '@workshop/telemetry';

/** Spans arrive seconds after their end. What differs by more than this is a wrong clock, or an old recording. */
const TOLERATED_MS = 600_000;
const HOUR_MS = 3_600_000;

/** How far each sender's clock is from this machine's, judged by the newest span of its last request. */
export class SenderClocks {
  readonly #aheadMs = new Map<string, number>();

  saw(spans: readonly Span[], nowMs: number): void {
    const newest = new Map<string, number>();
    for (const span of spans) {
      const service = serviceOf(span) || 'unknown_service';
      newest.set(service, Math.max(newest.get(service) ?? Number.NEGATIVE_INFINITY, endMs(span)));
    }
    for (const [service, end] of newest) this.#aheadMs.set(service, end - nowMs);
  }

  /** By service. Spans arrive seconds after their end, so a right clock seems a little behind. */
  aheadMs(): ReadonlyMap<string, number> {
    return this.#aheadMs;
  }

  /** A sentence for each sender whose times are hours or more than ten minutes away. */
  wrong(): string[] {
    return [...this.#aheadMs].flatMap(([service, ahead]) => {
      if (Math.abs(ahead) <= TOLERATED_MS) return [];
      const away = Math.abs(ahead);
      const text =
        away >= HOUR_MS ? `${(away / HOUR_MS).toFixed(1)} hours` : `${Math.round(away / 60_000)} minutes`;
      return [
        `The last spans of ${service} are ${text} ${ahead > 0 ? 'ahead of' : 'behind'} this machine's clock.`,
      ];
    });
  }
}
