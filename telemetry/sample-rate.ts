import type { Attributes } from './model.ts';

/** OpenTelemetry's threshold has 14 hex digits at most: 56 bits. */
const THRESHOLD_RANGE = 2 ** 56;

/** Attribute keys that carry the rate, in the order in which they are read. */
export const SAMPLE_RATE_KEYS = ['sampleRate', 'SampleRate'] as const;

/**
 * How many spans this one stands for: a whole number, at least 1.
 *
 * Rule (Honeycomb's husky): attribute `sampleRate`, then `SampleRate`, then tracestate `ot=th:…`, else 1.
 */
export function sampleRateOf(attributes: Attributes, traceState: string | undefined): number {
  return toldSampleRate(attributes, traceState) ?? 1;
}

/** The same; null where nothing tells it. */
export function toldSampleRate(attributes: Attributes, traceState: string | undefined): number | null {
  for (const key of SAMPLE_RATE_KEYS) {
    if (Object.hasOwn(attributes, key)) return atLeastOne(Number(attributes[key]));
  }
  const threshold = /(?:^|,)\s*ot=(?:[^,]*;)?th:([0-9a-f]{1,14})(?:[;,]|$)/.exec(traceState ?? '')?.[1];
  if (threshold === undefined) return null;
  const rejected = Number.parseInt(threshold.padEnd(14, '0'), 16);
  return atLeastOne(THRESHOLD_RANGE / (THRESHOLD_RANGE - rejected));
}

function atLeastOne(rate: number): number {
  if (!Number.isFinite(rate) || rate <= 0) return 1;
  return Math.min(Math.max(1, Math.round(rate)), 2_147_483_647);
}
