import type { EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { requestName } from '../../sentences.ts';

/** A request that asks the database too often; null when it does not. */
export function diagnoseManyQueries(
  sent: SentRequest,
  queries: readonly EvidenceSpan[],
  most: number,
  before: number,
): Finding | null {
  if (queries.length <= most) return null;
  const texts = Map.groupBy(queries, (span) => String(span.attributes['db.query.text'] ?? span.name));
  const [often = []] = [...texts.values()].sort((a, b) => b.length - a.length);
  const [first] = often;
  const fewer = queries.length < before ? `, where it was ${before}` : '';
  return {
    reason: 'too-many-queries',
    saw: `${requestName(sent)} asks the database ${queries.length} times${fewer}. One question is asked ${often.length} times.`,
    wanted: `at most ${most} questions for one feed, whoever opens it.`,
    look: 'the query that is there so often. What differs from one to the next, and can one query ask for all of it?',
    seen: [{ kind: 'query', text: String(first?.attributes['db.query.text'] ?? ''), spanId: first?.spanId }],
    marks: first ? [markOn(first, `ASKED ${often.length} TIMES`)] : [],
  };
}

/** A feed that does not show what it showed before; null when it does. */
export function diagnoseChangedFeed(
  sent: SentRequest,
  now: readonly string[],
  before: readonly string[],
): Finding | null {
  const at = before.findIndex((id, place) => now[place] !== id);
  if (at < 0 && now.length === before.length) return null;
  const shared = now.filter((id) => before.includes(id)).length;
  const saw =
    at < 0
      ? `the feed of user ${sent.userId} has ${now.length} posts, and had ${before.length}.`
      : `place ${at + 1} of the feed of user ${sent.userId} has ${now[at] === undefined ? 'no post' : `post ${now[at]}`}, and had post ${before[at]}.`;
  return {
    reason: 'mended-changes-result',
    saw,
    wanted: `the same ${before.length} posts in the same order: ${shared} of them are there.`,
    look: 'what goes into the ranking. Does it still get the newest 15 posts of each followed person, in the same order?',
    seen: [{ kind: 'feed', text: now.slice(0, 10).join(', ') }],
  };
}

/** A feed that shows more or fewer posts of one author than it did before; null when it shows as many. */
export function diagnoseChangedShare(
  sent: SentRequest,
  { written, now, before }: { written: number; now: number; before: number },
): Finding | null {
  if (now === before) return null;
  return {
    reason: 'mended-changes-result',
    saw: `somebody wrote ${written} posts in a row, and the feed of user ${sent.userId} shows ${now} of them. It showed ${before}.`,
    wanted: `${before} of them: the newest 15 posts of each followed person take part in the ranking, and no more of one.`,
    look: 'the limit of your query. Does it count the posts of each person, or those of everybody?',
  };
}
