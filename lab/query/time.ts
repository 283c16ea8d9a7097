import type { QuerySpec } from './spec.ts';

/** The window and the grid of a query; all in milliseconds. */
export interface TimeGrid {
  startMs: number;
  /** not part of the window */
  endMs: number;
  bucketMs: number;
}

const DEFAULT_RANGE_S = 7_200;
/** Widths of a bucket that people read easily, seconds. */
const NICE_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400];
const WANTED_BUCKETS = 120;

/**
 * Rules of the time fields: `time_range` alone ends now; with `start_time` it is the seconds after it, with
 * `end_time` the seconds before it; without it 7,200 s count as given. Both ends given: they say it all.
 */
export function timeGrid(spec: QuerySpec, nowMs: number): TimeGrid {
  const { startS, endS } = window(spec, Math.ceil(nowMs / 1000));
  const granularity = spec.granularity || niceGranularity(endS - startS);
  return { startMs: startS * 1000, endMs: endS * 1000, bucketMs: granularity * 1000 };
}

/** The same grid, earlier. */
export function shifted({ startMs, endMs, bucketMs }: TimeGrid, offsetSeconds: number): TimeGrid {
  const offsetMs = offsetSeconds * 1000;
  return { startMs: startMs - offsetMs, endMs: endMs - offsetMs, bucketMs };
}

/** Length of the window in seconds. */
export function rangeSeconds(spec: QuerySpec): number {
  const { startS, endS } = window(spec, 0);
  return endS - startS;
}

function window(spec: QuerySpec, nowS: number): { startS: number; endS: number } {
  const range = spec.time_range ?? DEFAULT_RANGE_S;
  if (spec.start_time !== undefined && spec.end_time !== undefined)
    return { startS: spec.start_time, endS: spec.end_time };
  if (spec.start_time !== undefined) return { startS: spec.start_time, endS: spec.start_time + range };
  const endS = spec.end_time ?? nowS;
  return { startS: endS - range, endS };
}

/** The smallest easy width that gives at most 120 buckets. */
export function niceGranularity(rangeS: number): number {
  return NICE_S.find((width) => width * WANTED_BUCKETS >= rangeS) ?? Math.ceil(rangeS / WANTED_BUCKETS);
}

/** Number of the first bucket that touches the window; bucket n begins at n * bucketMs. */
export function firstBucket(grid: TimeGrid): number {
  return Math.floor(grid.startMs / grid.bucketMs);
}

/** Numbers of the grid's buckets, first to last. */
export function bucketsOf(grid: TimeGrid): number[] {
  const buckets: number[] = [];
  for (let bucket = firstBucket(grid); bucket * grid.bucketMs < grid.endMs; bucket++) buckets.push(bucket);
  return buckets;
}
