import { Pipe, type PipeTransform } from '@angular/core';

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const FORMAT = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' });

/** How long ago an ISO 8601 time was: "3h ago". Under a minute, and the future, is "just now". */
@Pipe({ name: 'relativeTime' })
export class RelativeTime implements PipeTransform {
  transform(isoTime: string, nowMs = Date.now()): string {
    const seconds = (nowMs - Date.parse(isoTime)) / 1000;
    for (const [unit, size] of UNITS) {
      if (seconds >= size) {
        return FORMAT.format(-Math.floor(seconds / size), unit);
      }
    }
    return 'just now';
  }
}
