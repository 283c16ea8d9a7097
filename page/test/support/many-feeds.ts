import type { Span } from '@workshop/telemetry';
import { traceMaker } from './made-spans.ts';

/** Whom each of twenty users follows: two of them many. */
const FOLLOWS = Array.from({ length: 20 }, (_, user) => (user === 7 ? 163 : user === 12 ? 121 : 3 + user));

/** 400 requests of twenty users over half an hour before `endMs`: the feed is slow for those who follow many. */
export function slowForSome(endMs: number): Span[] {
  return Array.from({ length: 400 }, (_, n) => {
    const user = n % FOLLOWS.length;
    const follows = FOLLOWS[user] ?? 0;
    const isFeed = n % 3 !== 0;
    const { span } = traceMaker(endMs - ((400 - n) * 1_800_000) / 400);
    const ms = isFeed ? 20 + follows * 6.5 + (n % 11) : 12 + (n % 17);
    const server = span({
      name: isFeed ? 'GET /feed' : 'GET /notifications',
      ms,
      kind: 'SERVER',
      attributes: {
        'http.route': isFeed ? '/feed' : '/notifications',
        'http.request.method': 'GET',
        'http.response.status_code': n % 50 === 0 ? 500 : 200,
        'user.id': String(4_700 + user),
        'murmur.feed.following_count': follows,
      },
      ...(n % 50 === 0 && { error: 'timeout' }),
    });
    const query = span({
      name: 'pg.query:SELECT murmur',
      at: 4,
      ms: ms / 2,
      kind: 'CLIENT',
      parent: server,
      attributes: { 'db.system.name': 'postgresql' },
    });
    return [server, query];
  }).flat();
}
