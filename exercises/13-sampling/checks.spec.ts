import {
  answer,
  check,
  expectAllWithoutShare,
  expectApiShare,
  expectDeliveriesFollow,
  expectIdleWorkerSilent,
  expectNoHealthChecks,
  expectPageShares,
  expectRates,
  expectTrueCount,
  expectTrueMessageCount,
  expectWholeTraces,
  expectWorkerShare,
  tell,
} from '@workshop/grader/checks';

/** Requests whose traces the API begins. */
const OWN = 'of nobody';
const HEALTH = 'health check';
const KEPT = 'kept by its caller';

check('share', 'the API keeps the share of traces that OTEL_TRACES_SAMPLER_ARG says', () => {
  expectApiShare(OWN, KEPT);
  expectAllWithoutShare('without a share', 'of nobody, without a share');
});

check('page-share', 'the page keeps the share of traces that its config.json says', () => {
  expectPageShares();
});

check(
  'whole',
  'a trace is kept whole or not at all, that of a failure, too',
  { needs: ['share', 'page-share'] },
  () => {
    expectWholeTraces([KEPT, 'dropped by its caller'], HEALTH);
  },
);

check(
  'outbox',
  'the work for a message is kept when its publish was, and only then',
  { needs: ['whole'] },
  () => {
    expectDeliveriesFollow();
  },
);

check(
  'worker-share',
  'of the messages without a context, the worker keeps that share',
  { needs: ['outbox'] },
  () => {
    expectWorkerShare();
  },
);

check('health', 'a health check makes no spans', { needs: ['share'] }, () => {
  expectNoHealthChecks(HEALTH);
});

check('idle', 'a worker that finds no message makes no spans', { needs: ['outbox'] }, () => {
  expectIdleWorkerSilent();
});

check('rate', 'each kept span says how many it stands for', { needs: ['outbox'] }, () => {
  expectRates();
});

check('count', 'COUNT tells how many requests there were, and how many messages', { needs: ['rate'] }, () => {
  const { requests, rows, count } = expectTrueCount(OWN);
  expectTrueMessageCount();
  tell('requests', requests);
  tell('rows', rows);
  tell('count', count);
});

answer('13', 'how many requests does a SERVER span stand for', { needs: ['rate'] }, () => ({
  form: 'a whole number',
  accepted: [10],
  nearMisses: [
    { value: 2, because: "That is the API's own ratio. Who decided about this trace?" },
    { value: 20, because: 'Two decisions would multiply. How many were there?' },
    { value: 5, because: 'Nobody divides the ratios. Who decided about this trace?' },
    { value: 1, because: 'So many rows it is. How many does COUNT say?' },
  ],
  look: 'ask for COUNT of that one trace: --where "trace.trace_id = ..." --by name --calculate COUNT.',
}));
