import {
  answer,
  check,
  expectAnsweredKept,
  expectEndings,
  expectOutagesSurvived,
  expectPageExit,
  expectStartsEnded,
  expectUnderWayKept,
  expectWorkKept,
  tell,
} from '@workshop/grader/checks';

const API = 'right after an answer';
const WORKER = 'in the middle of a batch';

/** An API and a worker that were stopped alike. */
const both = (label: string) => [
  { kind: 'api' as const, label },
  { kind: 'worker' as const, label },
];

check('answered', 'the API gets SIGTERM right after an answer, and no span of it is lost', () => {
  expectAnsweredKept(API, 'answered', 'under way');
});

check(
  'under-way',
  'a request that was under way is answered, and its spans arrive, too',
  { needs: ['answered'] },
  () => {
    expectUnderWayKept(API, 'under way');
  },
);

check('worker', 'the worker gets SIGTERM in the middle of a batch, and no span of it is lost', () => {
  expectWorkKept(WORKER);
});

check(
  'ends',
  'both end within 5 s of SIGTERM, with exit code 0 or by the signal',
  { needs: ['answered', 'worker'] },
  () => {
    expectEndings([
      { kind: 'api', label: API },
      { kind: 'worker', label: WORKER },
    ]);
  },
);

check('starting', 'so they do when they are stopped while they start', { needs: ['ends'] }, () => {
  expectStartsEnded(both('while it started'));
});

check('away', 'spans wait for a collector that is away, and arrive when it is back', () => {
  expectOutagesSurvived(both('while its collector was away'), 'without a collector');
});

check('ends-without', 'API and worker end in time when their collector is away', { needs: ['ends'] }, () => {
  expectEndings(both('while its collector was away'));
});

check('left', 'a page that is left has sent its spans, however busy it was', () => {
  expectPageExit('left');
});

check('hidden', 'a page that is hidden has sent its spans by then', { needs: ['left'] }, () => {
  expectPageExit('hidden');
});

answer('14', 'how many requests lost their spans in the last deploy', { needs: ['answered'] }, () => {
  // The minute that "npm run traffic -- --deploy" plays is the same each time: grader/traffic/test/deploy.test.ts.
  const lost = 7;
  tell('lost', lost);
  return {
    form: 'a whole number',
    accepted: [lost],
    nearMisses: [
      {
        value: 11,
        because: 'Some of these never reached the API: what is the status of their CLIENT spans?',
      },
      { value: 4, because: 'These never reached the API, and it had nothing to lose. Which were answered?' },
      { value: 102, because: 'So many were sent. Of how many does the API tell nothing?' },
      { value: 91, because: 'Of so many the API tells. The question asks for the others.' },
    ],
    look: 'CLIENT spans of production that were answered, and that have no SERVER span below them.',
  };
});
