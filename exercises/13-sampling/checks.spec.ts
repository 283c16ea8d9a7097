import {
  answer,
  check,
  expectApiShare,
  expectNoHealthChecks,
  expectPageShares,
  expectRates,
  expectTrueCount,
  expectWholeTraces,
  tell,
} from '@workshop/grader/checks';

/** Requests whose traces the API begins. */
const OWN = 'of nobody';
const HEALTH = 'health check';
const KEPT = 'kept by its caller';

check('share', 'the API keeps the share of traces that OTEL_TRACES_SAMPLER_ARG says', () => {
  expectApiShare(OWN, KEPT);
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

check('health', 'a health check makes no spans', { needs: ['share'] }, () => {
  expectNoHealthChecks(HEALTH);
});

check('rate', 'each kept span says how many it stands for', { needs: ['whole'] }, () => {
  expectRates();
});

check('count', 'a COUNT over what was kept tells how many requests there were', { needs: ['rate'] }, () => {
  const { requests, rows, count } = expectTrueCount(OWN);
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
