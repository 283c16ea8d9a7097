import { WorkshopError } from '@workshop/base';
import type { Span } from '@workshop/telemetry';
import type { RowSource } from '../store/index.ts';
import { readSpans } from './span-rows.ts';

/**
 * All spans of one trace, oldest first; empty when there is none. The beginning of an id will do when only one
 * trace begins like that.
 * @throws AmbiguousTraceId
 */
export async function traceById(source: RowSource, traceId: string): Promise<Span[]> {
  const id = traceId.toLowerCase();
  if (id.length >= 32) return readSpans(source, [id]);
  const { dialect } = source;
  const rows = await source.all(
    `select distinct trace_id from spans where ${dialect.startsWith('trace_id', dialect.placeholder(1, id))} limit 6`,
    [id],
  );
  const found = rows.map((row) => row.trace_id as string);
  if (found.length > 1) throw new AmbiguousTraceId(id, found);
  return readSpans(source, found);
}

/**
 * As `traceById`, for those who cannot do without one.
 * @throws UnknownTrace, AmbiguousTraceId
 */
export async function knownTrace(source: RowSource, traceId: string): Promise<[Span, ...Span[]]> {
  const [first, ...others] = await traceById(source, traceId);
  if (!first) throw new UnknownTrace(traceId);
  return [first, ...others];
}

/** No trace has this id. */
export class UnknownTrace extends WorkshopError {
  override name = 'UnknownTrace';

  constructor(traceId: string) {
    super(`The lab has no trace ${traceId}.`);
  }
}

/** Several traces begin with the text that was given. */
export class AmbiguousTraceId extends WorkshopError {
  override name = 'AmbiguousTraceId';
  readonly candidates: readonly string[];

  constructor(prefix: string, candidates: readonly string[]) {
    super(
      `More than one trace begins with ${prefix}: ${candidates.slice(0, 5).join(', ')}${candidates.length > 5 ? ' …' : ''}`,
    );
    this.candidates = candidates;
  }
}
