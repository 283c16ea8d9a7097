import {
  answer,
  answered,
  areBelow,
  attributeOf,
  boundedNames,
  check,
  coversWork,
  type EvidenceSpan,
  endedOnFailure,
  endMs,
  fact,
  insideRequest,
  internalKind,
  isQuery,
  ownAttribute,
  ownSpan,
  request,
  requests,
  type SentRequest,
  serverSpanOf,
  spansOf,
  tell,
} from '@workshop/grader/checks';

const NAME = 'rank feed';
const COUNT = 'murmur.ranking.candidate_count';

const iris = () => answered(request('feed of Iris'), 200);
const feeds = () => [...requests('feed').map((sent) => answered(sent, 200)), iris()];

/** The queries of the ranking: of all texts of a feed's queries, the one that is asked most often. */
const rankingQueries = (sent: SentRequest): EvidenceSpan[] => {
  const byText = Map.groupBy(spansOf(sent).filter(isQuery), (span) =>
    String(span.attributes['db.query.text'] ?? span.attributes['db.statement']),
  );
  return [...byText.values()].sort((a, b) => b.length - a.length)[0] ?? [];
};

/** The ranking is over when the first query after its own begins, or at the end of the request. */
const rankingEndMs = (sent: SentRequest): number => {
  const last = Math.max(...rankingQueries(sent).map(endMs));
  const later = spansOf(sent).filter((span) => isQuery(span) && span.startMs >= last);
  return Math.min(endMs(serverSpanOf(sent)), ...later.map((span) => span.startMs));
};

check('named', `a feed request has a span named "${NAME}"`, () => {
  for (const sent of feeds()) ownSpan(sent, NAME);
});

check('inside-request', 'it lies inside the request that caused it', { needs: ['named'] }, () => {
  for (const sent of feeds()) {
    const span = ownSpan(sent, NAME);
    insideRequest(span, sent);
    internalKind(span, sent);
  }
});

check('covers-ranking', 'it lasts as long as the ranking does', { needs: ['named'] }, () => {
  // Only Iris's ranking computes for so long that a pause of the machine is not taken for it.
  coversWork(ownSpan(iris(), NAME), iris(), rankingQueries(iris()), rankingEndMs(iris()));
  for (const sent of feeds()) {
    const queries = rankingQueries(sent);
    coversWork(ownSpan(sent, NAME), sent, queries, Math.max(...queries.map(endMs)));
  }
});

check('queries-below', "the ranking's own queries are below it", { needs: ['named'] }, () => {
  for (const sent of feeds())
    areBelow(rankingQueries(sent), ownSpan(sent, NAME), sent, 'queries of the ranking');
});

check('ends-on-failure', 'it ends when the ranking fails, too', { needs: ['named'] }, () => {
  endedOnFailure(answered(request('failing feed'), 500), NAME);
});

check('one-name', 'your spans have the same names for every user', { needs: ['named'] }, () => {
  for (const sent of feeds()) boundedNames(sent, [sent.userId ?? '']);
});

check('candidate-count', `${COUNT} is the number of posts ranked`, { needs: ['named'] }, () => {
  const ranked = fact<Record<string, number>>('candidates');
  const spans = feeds().map((sent) => ownSpan(sent, NAME));
  feeds().forEach((sent, at) => {
    const span = spans[at] as EvidenceSpan;
    const count = ranked[sent.userId ?? ''] ?? 0;
    ownAttribute(span, sent, COUNT, count);
    attributeOf(span, sent, COUNT, count, spans);
  });
});

answer(
  '03',
  "how many queries belong to the ranking of Iris's feed",
  { needs: ['named', 'queries-below'] },
  () => {
    const queries = rankingQueries(iris()).length;
    const all = spansOf(iris()).filter(isQuery).length;
    const span = ownSpan(iris(), NAME);
    tell('queries', queries);
    tell('share', Math.round((100 * span.durationMs) / serverSpanOf(iris()).durationMs));
    tell('computing', Math.round(rankingEndMs(iris()) - Math.max(...rankingQueries(iris()).map(endMs))));
    return {
      form: 'a whole number',
      accepted: [queries],
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
