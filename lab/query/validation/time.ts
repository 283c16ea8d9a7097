import type { QuerySpec } from '../spec.ts';
import { rangeSeconds } from '../time.ts';
import type { Check, Fields } from './check.ts';

/** Offsets to compare with that Honeycomb has: from half an hour to half a year, in seconds. */
const OFFSETS_S = [1_800, 3_600, 7_200, 28_800, 86_400, 604_800, 2_419_200, 15_724_800];

export function checkTime(check: Check, query: Fields): void {
  const before = check.problems.length;
  check.integer('time_range', query.time_range ?? undefined, 1);
  check.integer('start_time', query.start_time ?? undefined, 1);
  check.integer('end_time', query.end_time ?? undefined, 1);
  check.integer('granularity', query.granularity ?? undefined, 0);
  check.integer('compare_time_offset_seconds', query.compare_time_offset_seconds ?? undefined, 1);
  if (check.problems.length > before) return;
  const { start_time: start, end_time: end, time_range: range } = query as QuerySpec;
  if (typeof start === 'number' && typeof end === 'number') {
    if (typeof range === 'number') {
      check.add('time_range', 'invalid', 'leave it out when start_time and end_time are both given');
      return;
    }
    if (start > end) {
      check.add('start_time', 'invalid', 'it must not be after end_time');
      return;
    }
  }
  const seconds = rangeSeconds(query as QuerySpec);
  checkGranularity(check, (query.granularity as number | undefined) || undefined, seconds);
  checkOffset(check, query.compare_time_offset_seconds ?? undefined, seconds);
}

function checkGranularity(check: Check, granularity: number | undefined, seconds: number): void {
  const finest = Math.ceil(seconds / 1000);
  if (granularity === undefined || (granularity <= seconds && granularity >= finest)) return;
  check.add(
    'granularity',
    'invalid',
    `for a range of ${seconds} s it lies between ${finest} and ${seconds} s`,
  );
}

function checkOffset(check: Check, offset: unknown, seconds: number): void {
  if (typeof offset !== 'number' || offset === seconds) return;
  const path = 'compare_time_offset_seconds';
  if (!OFFSETS_S.includes(offset))
    check.add(path, 'invalid', `it is the range itself (${seconds}) or one of ${OFFSETS_S.join(', ')}`);
  else if (offset < seconds)
    check.add(path, 'invalid', `it is at least the range, ${seconds} s: the two must not overlap`);
}
