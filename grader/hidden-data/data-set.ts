import { type Draw, drawFrom } from '@workshop/base';
import type { Span } from '@workshop/telemetry/pure';
import { backgroundTraces, type Requester, requestTrace, type TraceWriter } from './traces.ts';

export type DataSetId = 'small' | 'large' | 'with-past';

/** One afternoon of a Murmur that nobody has seen: made from the run's seed. */
export interface DataSet {
  id: DataSetId;
  /** "now" for relative time ranges, Unix milliseconds */
  nowMs: number;
  spans: Span[];
}

/** All that is recent began in this time; nothing lies between it and PAST_MS. So 10 minutes to 2 hours see the same. */
export const RECENT_MS = 590_000;
const PAST_MS = { from: 125 * 60_000, to: 20 * 3_600_000 };
/** So many of the past ones began up to this long ago: three hours see some of them, too. */
const NEAR_PAST = { requests: 12, to: 175 * 60_000 };
/** A page's clock is behind the servers' by this much: times of two machines are never comparable. */
const PAGE_CLOCK_MS = -30_000;

interface Plan {
  users: number;
  page: boolean;
  userOnEverySpan: boolean;
  /** requests before the recent ones */
  past: number;
  /** nobody follows many and nothing fails slowly, so fewer than 20 recent traces take 200 ms */
  quiet: boolean;
}

const PLANS: Record<DataSetId, Plan> = {
  small: { users: 26, page: true, userOnEverySpan: false, past: 0, quiet: false },
  large: { users: 48, page: true, userOnEverySpan: true, past: 0, quiet: false },
  'with-past': { users: 24, page: false, userOnEverySpan: true, past: 40, quiet: true },
};

/**
 * The data sets of a run. The same seed gives the same spans on every machine: no clock and no function whose
 * result a platform may round differently is used.
 */
export function hiddenDataSets(seed: number): DataSet[] {
  return (Object.keys(PLANS) as DataSetId[]).map((id) => dataSet(id, drawFrom(seed, `hidden data ${id}`)));
}

function dataSet(id: DataSetId, draw: Draw): DataSet {
  const plan = PLANS[id];
  // Some hour of a year long ago: a query with a fixed time sees nothing.
  const nowMs = Date.UTC(2024, draw.integer(0, 11), draw.integer(1, 28), draw.integer(0, 23), 30);
  const spans: Span[] = [];
  const writer: TraceWriter = { draw, spans, pageClockMs: PAGE_CLOCK_MS, ...plan };
  const recent = (): number => nowMs - draw.integer(1_000, RECENT_MS + PAGE_CLOCK_MS - 10_000);
  const people = peopleOf(draw, plan);
  for (const person of people) {
    for (let n = 0; n < person.requests; n++) requestTrace(writer, person, recent());
  }
  const anybody: Requester = { id: null, following: 0, requests: 0, slowMs: 0 };
  for (let n = 0; n < 12; n++) requestTrace(writer, anybody, recent());
  backgroundTraces(writer, recent, 10);
  for (let n = 0; n < plan.past; n++) {
    const atMs = nowMs - draw.integer(PAST_MS.from, n < NEAR_PAST.requests ? NEAR_PAST.to : PAST_MS.to);
    // All of it is slower than what is recent: whoever looks back too far sees it first.
    requestTrace(writer, { ...draw.pick(people), slowMs: draw.integer(4_000, 9_000) }, atMs);
  }
  return { id, nowMs, spans };
}

/** Most follow few and are quick, some follow many; a few came only once or twice and waited for seconds. */
function peopleOf(draw: Draw, { users: count, quiet }: Plan): Requester[] {
  const ids = new Set<string>();
  // Five digits: no user of Murmur's seed has such an id.
  while (ids.size < count) ids.add(String(draw.integer(10_000, 99_999)));
  return [...ids].map((id, at): Requester => {
    if (at < 3)
      return { id, following: draw.integer(3, 9), requests: at === 0 ? 1 : 2, slowMs: 3_000 + 700 * at };
    if (at % 6 === 0 && !quiet)
      return { id, following: draw.integer(90, 180), requests: draw.integer(3, 6), slowMs: 0 };
    // The quick ones come often: who counts, sums or averages sees them first.
    const often = at % 7 === 1;
    return {
      id,
      following: draw.integer(2, quiet ? 12 : 30),
      requests: often ? 18 : draw.integer(2, 7),
      slowMs: 0,
    };
  });
}
