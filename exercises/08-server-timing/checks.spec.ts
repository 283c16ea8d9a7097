import {
  answer,
  check,
  expectReadableTiming,
  expectServerSpanOfAnswer,
  expectServerTiming,
  expectTimedAnswers,
  expectTimedFeeds,
  expectTrueTiming,
  tell,
} from '@workshop/grader/checks';

check('sent', 'an answer of the API has a Server-Timing header with a duration', () => {
  for (const one of expectTimedAnswers()) expectServerTiming(one);
});

check(
  'own-time',
  'that duration is the time of the API: as long as its SERVER span',
  { needs: ['sent'] },
  () => {
    for (const one of expectTimedAnswers()) expectTrueTiming(one);
  },
);

check('readable', 'a page of another origin can read it', { needs: ['sent'] }, () => {
  for (const one of expectTimedAnswers()) expectReadableTiming(one);
});

answer(
  '08',
  "which service spends most of the milliseconds of Iris's feed",
  { needs: ['own-time', 'readable'] },
  () => {
    const [iris] = expectTimedFeeds().toReversed();
    if (!iris) throw new Error('the scenario noted no answers');
    const server = expectServerSpanOfAnswer(iris).durationMs;
    const waited = iris.read.waitedMs ?? server;
    tell('server', Math.round(server));
    tell('waited', Math.round(waited));
    return {
      form: 'a name',
      accepted: server > waited / 2 ? ['murmur-api', 'the api', 'api'] : ['murmur-web'],
      nearMisses: [
        { value: 'murmur-web', because: 'The page waits. Who does it wait for? Compare both durations.' },
        {
          value: 'network',
          because: 'The network is what is left when you take the API out. How much is that?',
        },
        {
          value: 'the network',
          because: 'The network is what is left when you take the API out. How much is that?',
        },
        { value: 'postgresql', because: 'The database is inside the time of a service. Name the service.' },
        { value: 'the database', because: 'The database is inside the time of a service. Name the service.' },
      ],
      look: 'the developer tools of the browser, Network, GET /feed of Iris, Timing: what does the server say of itself?',
    };
  },
);
