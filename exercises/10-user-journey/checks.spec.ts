import {
  answer,
  check,
  expectJourneyCovers,
  expectJourneyEndedOnFailure,
  expectJourneySpan,
  expectJourneysApart,
  expectPublish,
  expectRequestsBelow,
  tell,
} from '@workshop/grader/checks';

const NAME = 'publish post';

check('named', 'each click on Publish has one span of yours named "publish post"', () => {
  expectJourneySpan(NAME, expectPublish('alone'));
});

check('below', 'every request of a publish is below "publish post"', { needs: ['named'] }, () => {
  expectRequestsBelow(NAME, expectPublish('alone'));
});

check('covers', 'it lasts until the last answer is there', { needs: ['below'] }, () => {
  expectJourneyCovers(NAME, expectPublish('alone'));
});

check('apart', 'two posts published at the same time do not mix', { needs: ['below'] }, () => {
  expectJourneysApart(NAME, expectPublish('at the same time'));
});

check('ends-on-failure', 'it ends when publishing fails, too', { needs: ['named'] }, () => {
  for (const what of ['failing', 'failing in between', 'failing later'])
    expectJourneyEndedOnFailure(NAME, expectPublish(what));
});

answer('10', 'which request of a publish does the author wait for longest', { needs: ['below'] }, () => {
  const alone = expectPublish('alone');
  const journey = expectJourneySpan(NAME, alone);
  const again = expectRequestsBelow(NAME, expectPublish('alone again'));
  // A busy machine adds to a single wait: of the two for each request the shorter one counts.
  const waits = expectRequestsBelow(NAME, alone)
    .map(({ title, span }, at) => ({
      title,
      ms: Math.min(span.durationMs, again[at]?.span.durationMs ?? Number.POSITIVE_INFINITY),
    }))
    .sort((a, b) => b.ms - a.ms);
  const [longest, second] = waits;
  if (!longest || !second) throw new Error('a publish has more than one request');
  // Two waits within a fifth of each other: nobody can say which is the longer one tomorrow.
  const accepted = waits.filter(({ ms }) => ms >= longest.ms * 0.8);
  tell('journey', Math.round(journey.durationMs));
  tell('longest', longest.title);
  tell('wait', Math.round(longest.ms));
  return {
    form: 'a name',
    accepted: accepted.flatMap(({ title }) => [title, title.split(' ')[1] ?? title]),
    nearMisses: [
      { value: 'publish post', because: 'That is the whole journey. It waits for three requests.' },
      { value: 'rank feed', because: 'It is the reason inside. Name the request that the page waits for.' },
      ...waits
        .filter((wait) => !accepted.includes(wait))
        .flatMap(({ title }) => [title, title.split(' ')[1] ?? title])
        .map((value) => ({ value, because: 'It is one of the three. Is it the widest bar?' })),
    ],
    look: 'a trace of "publish post": three CLIENT spans, one after another. Which is the widest?',
  };
});
