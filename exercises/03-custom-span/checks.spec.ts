import {
  answer,
  check,
  type EvidenceSpan,
  endMs,
  expectBelow,
  expectBoundedNames,
  expectCovers,
  expectEndedOnFailure,
  expectEndedWithRequest,
  expectInsideRequest,
  expectInternalKind,
  expectListed,
  expectNoOtherWork,
  expectNothingLaterBelow,
  expectOwnAttribute,
  expectOwnSpan,
  expectQueries,
  expectRequest,
  expectRequests,
  expectServerSpan,
  expectStatus,
  expectValue,
  fact,
  findQueriesBelow,
  findSpansOf,
  isQuery,
  type SentRequest,
  tell,
} from '@workshop/grader/checks';

const NAME = 'rank feed';
const COUNT = 'murmur.ranking.candidate_count';

const iris = () => expectListed(expectStatus(expectRequest('feed of Iris'), 200));
const feeds = () => [
  ...[...expectRequests('feed'), ...expectRequests('feeds at once')].map((sent) =>
    expectListed(expectStatus(sent, 200)),
  ),
  iris(),
];

/**
 * The queries of the ranking: of all texts of a feed's queries, the one that is asked most often. Whoever mended the feed
 * (03b) asks each once; then they are those below the span.
 */
const rankingQueries = (sent: SentRequest): EvidenceSpan[] => {
  const byText = Map.groupBy(expectQueries(sent), (span) =>
    String(span.attributes['db.query.text'] ?? span.attributes['db.statement']),
  );
  const [most = []] = [...byText.values()].sort((a, b) => b.length - a.length);
  const below = most.length > 1 ? [] : findQueriesBelow(expectOwnSpan(NAME, sent));
  return below.length > 0 ? below : most;
};

/** The queries of the feed that the ranking has no part in. */
const otherQueries = (sent: SentRequest): EvidenceSpan[] => {
  const own = new Set(rankingQueries(sent));
  return expectQueries(sent).filter((span) => !own.has(span));
};

/** The ranking is over when the first query after its own begins, or at the end of the request. */
const rankingEndMs = (sent: SentRequest): number => {
  const last = Math.max(...rankingQueries(sent).map(endMs));
  const later = findSpansOf(sent).filter((span) => isQuery(span) && span.startMs >= last);
  return Math.min(endMs(expectServerSpan(sent)), ...later.map((span) => span.startMs));
};

check('named', `a feed request has a span named "${NAME}"`, () => {
  for (const sent of feeds()) expectOwnSpan(NAME, sent);
});

check('inside-request', 'it lies inside the request that caused it', { needs: ['named'] }, () => {
  for (const sent of feeds()) {
    const span = expectOwnSpan(NAME, sent);
    expectInsideRequest(span, sent);
    expectInternalKind(span);
  }
});

check('covers-ranking', 'it lasts as long as the ranking does', { needs: ['named'] }, () => {
  for (const sent of feeds()) {
    const queries = rankingQueries(sent);
    const span = expectOwnSpan(NAME, sent);
    expectCovers(span, queries, Math.max(...queries.map(endMs)));
    expectEndedWithRequest(span, sent);
    expectNoOtherWork(otherQueries(sent), span, 'query');
  }
  // Only Iris's ranking computes for so long that a pause of the machine is not taken for it. She comes last, since a
  // message about her would tell how many queries the question of this exercise asks for.
  expectCovers(expectOwnSpan(NAME, iris()), rankingQueries(iris()), rankingEndMs(iris()));
});

check('queries-below', "the ranking's own queries are below it", { needs: ['named'] }, () => {
  for (const sent of feeds()) {
    const span = expectOwnSpan(NAME, sent);
    expectBelow(rankingQueries(sent), span, 'queries of the ranking');
    expectNothingLaterBelow(otherQueries(sent), span, 'query');
  }
});

check('ends-on-failure', 'it ends when the ranking fails, too', { needs: ['named'] }, () => {
  expectEndedOnFailure(NAME, expectStatus(expectRequest('failing feed'), 500));
});

check('one-name', 'your spans have the same names for every user', { needs: ['named'] }, () => {
  expectBoundedNames(feeds(), (sent) => [sent.userId ?? '']);
});

check('candidate-count', `${COUNT} is the number of posts ranked`, { needs: ['named'] }, () => {
  const ranked = fact<Record<string, number>>('candidates');
  const spans = feeds().map((sent) => expectOwnSpan(NAME, sent));
  feeds().forEach((sent, at) => {
    const span = spans[at] as EvidenceSpan;
    const count = ranked[sent.userId ?? ''] ?? 0;
    expectOwnAttribute(COUNT, span, count);
    expectValue(COUNT, span, count, spans);
  });
});

answer(
  '03',
  "how many queries belong to the ranking of Iris's feed",
  { needs: ['named', 'queries-below'] },
  () => {
    const queries = rankingQueries(iris()).length;
    const followed = fact<number>('followed by Iris');
    const all = findSpansOf(iris()).filter(isQuery).length;
    const span = expectOwnSpan(NAME, iris());
    tell('queries', queries);
    tell('share', Math.round((100 * span.durationMs) / expectServerSpan(iris()).durationMs));
    tell('computing', Math.round(rankingEndMs(iris()) - Math.max(...rankingQueries(iris()).map(endMs))));
    return {
      form: 'a whole number',
      // A feed that was mended after the question was answered asks fewer, and the answer stays right.
      accepted: queries < followed ? [queries, followed] : [queries],
      nearMisses: [
        {
          value: all,
          because: "You counted all queries of the request. Some of them are not the ranking's.",
        },
      ],
      look: `a trace of Iris's feed. How many queries are below "${NAME}"?`,
    };
  },
);
