import {
  answer,
  check,
  journeyCovers,
  journeyEndedOnFailure,
  journeySpan,
  journeysApart,
  publishing,
  requestsBelow,
  tell,
} from '@workshop/grader/checks';

const NAME = 'publish post';

check('named', 'each click on Publish has one span of yours named "publish post"', () => {
  journeySpan(publishing('alone'), NAME);
});

check('below', 'every request of a publish is below "publish post"', { needs: ['named'] }, () => {
  requestsBelow(publishing('alone'), NAME);
});

check('covers', 'it lasts until the last answer is there', { needs: ['below'] }, () => {
  journeyCovers(publishing('alone'), NAME);
});

check('apart', 'two posts published at the same time do not mix', { needs: ['below'] }, () => {
  journeysApart(publishing('at the same time'), NAME);
});

check('ends-on-failure', 'it ends when publishing fails, too', { needs: ['named'] }, () => {
  journeyEndedOnFailure(publishing('failing'), NAME);
});

answer('10', 'which request of a publish does the author wait for longest', { needs: ['below'] }, () => {
  const alone = publishing('alone');
  const journey = journeySpan(alone, NAME);
  const waits = requestsBelow(alone, NAME).sort((a, b) => b.span.durationMs - a.span.durationMs);
  const [longest, second] = waits;
  if (!longest || !second) throw new Error('a publish has more than one request');
  // Two waits within a fifth of each other: nobody can say which is the longer one tomorrow.
  const accepted = waits.filter(({ span }) => span.durationMs >= longest.span.durationMs * 0.8);
  tell('journey', Math.round(journey.durationMs));
  tell('longest', longest.title);
  tell('wait', Math.round(longest.span.durationMs));
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
