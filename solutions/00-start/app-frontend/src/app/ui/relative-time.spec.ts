import { RelativeTime } from './relative-time';

describe('RelativeTime', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');

  it.each([
    ['2026-11-22T11:59:30Z', 'just now'],
    ['2026-11-22T12:00:10Z', 'just now'],
    ['2026-11-22T11:53:00Z', '7m ago'],
    ['2026-11-22T09:10:00Z', '2h ago'],
    ['2026-11-21T11:00:00Z', 'yesterday'],
    ['2026-11-01T12:00:00Z', '3w ago'],
    ['2025-11-01T12:00:00Z', 'last yr.'],
  ])('says of %s: %s', (time, expected) => {
    expect(new RelativeTime().transform(time, now)).toBe(expected);
  });
});
