import {
  answer,
  check,
  type EvidenceSpan,
  expectRequests,
  expectSavedQuery,
  expectServerSpan,
  expectStatus,
  fail,
  tell,
} from '@workshop/grader/checks';

check('latency-runs', 'latency-by-user.json is a saved query that runs', () => {
  expectSavedQuery('latency-by-user', 'runs');
});

check(
  'latency-columns',
  'it shows P95 or P99 of duration_ms, one row for each user.id',
  { needs: ['latency-runs'] },
  () => expectSavedQuery('latency-by-user', 'columns'),
);

check(
  'latency-rows',
  'it counts every request of every user, and each one once',
  { needs: ['latency-columns'] },
  () => expectSavedQuery('latency-by-user', 'rows'),
);

check('latency-order', 'the 20 slowest users stand first', { needs: ['latency-rows'] }, () => {
  expectSavedQuery('latency-by-user', 'order');
});

check('traces-runs', 'recent-traces.json is a saved query that runs', () => {
  expectSavedQuery('recent-traces', 'runs');
});

check(
  'traces-columns',
  'it shows the id, the name and the duration of a trace',
  { needs: ['traces-runs'] },
  () => expectSavedQuery('recent-traces', 'columns'),
);

check(
  'traces-rows',
  'it has one row for each trace, and only recent ones',
  { needs: ['traces-columns'] },
  () => expectSavedQuery('recent-traces', 'rows'),
);

check('traces-order', 'it shows 20 of them, the slowest first', { needs: ['traces-rows'] }, () => {
  expectSavedQuery('recent-traces', 'order');
});

const feeds = (label: string) =>
  expectRequests(label).map((sent) => expectServerSpan(expectStatus(sent, 200)));

answer('05', 'which attribute tells slow feeds from quick ones', { needs: ['latency-order'] }, () => {
  const quick = feeds('quick feed');
  const slow = feeds('slow feed');
  const told = tellingApart(quick, slow);
  if (told.length === 0) {
    fail({
      reason: 'attribute-missing',
      saw: 'no number on the SERVER spans of these feeds is high for the slow ones and low for the quick ones.',
      wanted: 'the attributes of exercise 02: then there is something to group by.',
      look: 'npm run grade -- 2',
      seen: [{ kind: 'attributes', text: Object.keys(slow[0]?.attributes ?? {}).join(', ') }],
    });
  }
  tell('many', Math.min(...slow.map((span) => numberOf(span, told[0] ?? ''))));
  tell('slowest', Math.round(Math.min(...slow.map((span) => span.durationMs))));
  tell('quickest', Math.round(Math.max(...quick.map((span) => span.durationMs))));
  return {
    form: 'a name',
    accepted: told,
    nearMisses: [
      { value: 'user.id', because: 'Each of the slow ones has another id. It says who, not why.' },
      { value: 'duration_ms', because: 'That they are slow is known. What else have they in common?' },
      { value: 'http.route', because: 'The quick feeds have the same route.' },
      {
        value: 'murmur.ranking.candidate_count',
        because: 'It is on "rank feed". The question asks for an attribute of the SERVER span.',
      },
    ],
    look: 'your "Latency by UserID". Open a trace of a slow user and one of a quick user, and compare their SERVER spans.',
  };
});

/** Attributes whose every value is higher on the slow spans than on the quick ones. */
function tellingApart(quick: readonly EvidenceSpan[], slow: readonly EvidenceSpan[]): string[] {
  return [...new Set(slow.flatMap((span) => Object.keys(span.attributes)))].filter((key) => {
    const most = Math.max(...quick.map((span) => numberOf(span, key)));
    return slow.every((span) => numberOf(span, key) > most);
  });
}

function numberOf(span: EvidenceSpan, key: string): number {
  const value = span.attributes[key];
  return typeof value === 'number' ? value : Number.NaN;
}
