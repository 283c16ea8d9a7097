import { plainTable } from '@workshop/base/tables';
import type { Traffic } from './api-traffic.ts';
import type { Sample } from './murmur-client.ts';

export interface RouteRow {
  route: string;
  count: number;
  p50Ms: number;
  p95Ms: number;
  /** `200 x 41, 500 x 2`, with `no answer` for a request that got none */
  statuses: string;
}

export interface FeedRow {
  handle: string;
  followingCount: number;
  feeds: number;
  p50Ms: number;
}

/** The value that `share` (0 to 1) of the values do not exceed: nearest rank. NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** One row a route, the most used first. */
export function routeRows(samples: readonly Sample[]): RouteRow[] {
  const groups = Map.groupBy(samples, (sample) => sample.route);
  return [...groups]
    .map(([route, group]) => {
      const durations = group.map((sample) => sample.durationMs);
      const counts = Map.groupBy(group, (sample) => sample.status ?? 'no answer');
      const statuses = [...counts]
        .toSorted(([a], [b]) => String(a).localeCompare(String(b)))
        .map(([status, { length }]) => `${status} x ${length}`)
        .join(', ');
      return {
        route,
        count: group.length,
        p50Ms: percentile(durations, 0.5),
        p95Ms: percentile(durations, 0.95),
        statuses,
      };
    })
    .toSorted((a, b) => b.count - a.count || a.route.localeCompare(b.route));
}

/** Whose feed is slowest, with how many they follow. Only feeds that were answered count. */
export function feedRows({ samples, people }: Pick<Traffic, 'samples' | 'people'>): FeedRow[] {
  const following = new Map(people.map((person) => [person.handle, person.followingCount]));
  const feeds = samples.filter((sample) => sample.route === 'GET /feed' && sample.status === 200);
  return [...Map.groupBy(feeds, (sample) => sample.handle ?? '')]
    .map(([handle, group]) => ({
      handle,
      followingCount: following.get(handle) ?? 0,
      feeds: group.length,
      p50Ms: percentile(
        group.map((sample) => sample.durationMs),
        0.5,
      ),
    }))
    .toSorted((a, b) => b.p50Ms - a.p50Ms);
}

const SHOWN_FEEDS = 6;
/** Less than this share of the requests that were asked for is said. */
const ENOUGH = 0.9;

/** The end of a run as text. */
export function summaryLines(traffic: Traffic): string[] {
  const { samples, people, seconds, wanted } = traffic;
  return [
    `${samples.length} requests of ${people.length} people in ${Math.round(seconds)} s`,
    ...(wanted !== null && samples.length < wanted * ENOUGH
      ? [`Asked for were ${wanted}: Murmur answers too slowly for more.`]
      : []),
    ...tableLines(traffic),
  ];
}

/** The requests by route, and whose feeds are slowest. Nothing without requests. */
export function tableLines(traffic: Pick<Traffic, 'samples' | 'people'>): string[] {
  const feeds = feedRows(traffic);
  const shown = feeds.length > SHOWN_FEEDS ? [...feeds.slice(0, SHOWN_FEEDS - 1), feeds.at(-1)!] : feeds;
  if (traffic.samples.length === 0) return [];
  return [
    '',
    plainTable(
      ['Route', 'Count', 'P50 ms', 'P95 ms', 'Status'],
      routeRows(traffic.samples).map((row) => [
        row.route,
        String(row.count),
        row.p50Ms.toFixed(0),
        row.p95Ms.toFixed(0),
        row.statuses,
      ]),
      { right: ['Count', 'P50 ms', 'P95 ms'], indent: 2 },
    ),
    ...(shown.length === 0
      ? []
      : [
          '',
          plainTable(
            ['Slowest feeds', 'Feeds', 'P50 ms', 'follows'],
            shown.map((row) => [
              `@${row.handle}`,
              String(row.feeds),
              row.p50Ms.toFixed(0),
              String(row.followingCount),
            ]),
            { right: ['Feeds', 'P50 ms', 'follows'], indent: 2 },
          ),
          ...(feeds.length > SHOWN_FEEDS ? ['  (the last line is the fastest)'] : []),
        ]),
  ];
}
