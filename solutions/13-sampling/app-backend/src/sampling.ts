import { type Context, createTraceState } from '@opentelemetry/api';
import {
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  type SamplingResult,
} from '@opentelemetry/sdk-trace-base';

/** Of 2^48 equal parts so many are dropped: a trace id ends with 14 random digits, and 12 are fine enough. */
const PARTS = 2 ** 48;

/** Keeps this share of all traces, 0 to 1. Who begins a trace decides, and everybody below follows. */
export function parentBasedRatio(ratio: number): Sampler {
  return new ParentBasedSampler({ root: new RatioSampler(ratio) });
}

/**
 * Decides by the random part of the trace id, and writes into the trace state how much was dropped: `ot=th:c` means 12
 * of 16 parts, so that one trace stands for four. The trace state goes with the trace, into other services, too.
 * Rule: OpenTelemetry, "TraceState: Probability Sampling".
 */
class RatioSampler implements Sampler {
  readonly #dropped: number;
  readonly #kept: SamplingResult;

  constructor(ratio: number) {
    this.#dropped = Math.round((1 - ratio) * PARTS);
    const threshold = this.#dropped.toString(16).padStart(12, '0').replace(/0+$/, '') || '0';
    this.#kept = {
      decision: SamplingDecision.RECORD_AND_SAMPLED,
      traceState: createTraceState(`ot=th:${threshold}`),
    };
  }

  shouldSample(_context: Context, traceId: string): SamplingResult {
    const random = Number.parseInt(traceId.slice(18, 30), 16);
    return random >= this.#dropped ? this.#kept : { decision: SamplingDecision.NOT_RECORD };
  }

  toString(): string {
    return 'RatioSampler';
  }
}
