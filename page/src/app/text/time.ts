import { formatDuration } from '@workshop/telemetry/pure';

export { formatDuration };

const CLOCK = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'medium',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
});
const TIME = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const YEAR_AND_DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const ZONE = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' });
/** Beyond it a Date is no time, and formatting one throws. */
const LAST_MS = 8.64e15;

/** Date and time with milliseconds and the zone: `28 Nov 2026, 04:12:07.123 CET`. */
export function clockTime(ms: number): string {
  if (!isTime(ms)) return `${ms} ms after 1970`;
  const zone = ZONE.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return `${CLOCK.format(ms)}.${String(Math.floor(ms) % 1000).padStart(3, '0')} ${zone}`;
}

/** As short as today allows: the time, with the day before it when that is another one, and the year likewise. */
export function shortTime(ms: number, nowMs: number = Date.now()): string {
  if (!isTime(ms)) return 'no time';
  const [then, now] = [new Date(ms), new Date(nowMs)];
  if (then.toDateString() === now.toDateString()) return TIME.format(ms);
  const day = then.getFullYear() === now.getFullYear() ? DAY.format(ms) : YEAR_AND_DAY.format(ms);
  return `${day}, ${TIME.format(ms)}`;
}

function isTime(ms: number): boolean {
  return ms >= 0 && ms <= LAST_MS;
}

/** Steps of 1, 2 or 5 that divide a stretch into at most `most` parts; the first one is at or after `from`. */
export function ticks(from: number, to: number, most: number): number[] {
  const length = to - from;
  if (!(length > 0) || most < 1) return [];
  const power = 10 ** Math.floor(Math.log10(length / most));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => length / size <= most) ?? length;
  const list: number[] = [];
  for (let n = Math.ceil(from / step); n * step <= to; n++) list.push(n * step);
  return list;
}
