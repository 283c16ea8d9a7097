/** The words that a checks.spec.ts is written in. Loaded inside Jest's sandbox: nothing here reaches outside it. */
export {
  endMs,
  nearestKey,
  nearestName,
  select,
  selfTimeMs,
  serviceOf,
  uncoveredIntervals,
} from '@workshop/telemetry/pure';
export type { EvidenceSpan, HeaderRecord, SentRequest } from '../../evidence/index.ts';
export { answer } from './answer.ts';
export {
  attributeAnywhere,
  attributeIs,
  attributeOf,
  attributeOnServerSpan,
  noAttribute,
  nothingPersonal,
  ownAttribute,
} from './attributes.ts';
export { check, fail, tell } from './check.ts';
export {
  errorType,
  failureOnServerSpan,
  hiddenFailure,
  messagesHide,
  noErrorOf,
  recordedOnce,
} from './errors.ts';
export { evidence, fact, processNamed, spanIndex } from './evidence.ts';
export {
  journeyCovers,
  journeyEndedOnFailure,
  journeySpan,
  journeysApart,
  publishing,
  requestsBelow,
} from './journey.ts';
export {
  type Measured,
  measured,
  networkOf,
  networkShare,
  saysNetwork,
  saysRoute,
} from './latency.ts';
export { DATABASE, isQuery, librarySpansBelow, NEST } from './libraries.ts';
export {
  clientSpanOf,
  clientSpans,
  documentLoadTraced,
  exporterUntraced,
  pageHoldsNoKey,
  pageNamedAs,
  pageRequests,
  pageSpans,
  pageSpansArrived,
  pageWorked,
} from './page.ts';
export {
  findServerSpanOf,
  nothingToThirdParty,
  oneTrace,
  preflightsPass,
  queriesBelow,
  sendsTraceparent,
} from './propagation.ts';
export { savedQuery } from './queries.ts';
export {
  answered,
  findServerSpan,
  request,
  requests,
  routeOf,
  serverSpanOf,
  spansOf,
  titleOf,
  viewOf,
} from './requests.ts';
export {
  readableByPage,
  serverSpanOfAnswer,
  type TimedAnswer,
  tellsOwnTime,
  tellsTime,
  timedAnswers,
} from './server-timing.ts';
export { arrivedAtCollector, namedAs } from './service.ts';
export {
  areBelow,
  boundedNames,
  coversWork,
  endedOnFailure,
  insideRequest,
  internalKind,
  lastEndMs,
  ownSpan,
  ownSpansNamed,
} from './spans.ts';
