/**
 * Which spans belong to which request. By the run's own values first (an id in a header, a User-Agent that only one
 * request had), by address and time where there are none.
 */
export {
  baggageEntries,
  UI_VARIANT,
  type Variant,
  type VariantMessage,
  type VariantVisit,
  variantIn,
  variantMessagesOf,
  variantOfRequest,
  variantOn,
  variantVisitsOf,
  visitOf,
} from './baggage.ts';
export {
  ASKED,
  type JourneyRequest,
  journeyRequestsOf,
  journeySpansOf,
  openJourneySpansOf,
  type Publishing,
  publishingsOf,
  type TracedRequest,
} from './journeys.ts';
export { lostSpansOf } from './lost-spans.ts';
export {
  carriedIn,
  type Delivery,
  deliveriesOf,
  isOfWorker,
  linksTo,
  type Message,
  messagesOf,
  openWorkerSpansOf,
  rowsOf,
  type Way,
  wayTo,
  wayToServer,
  workerSpansOf,
} from './messages.ts';
export {
  apiSpanOf,
  clientSpansOf,
  pageRequestsOf,
  pageSpansOf,
  preflightsOf,
  readTraceparent,
  sentMsOf,
  urlOf,
} from './page.ts';
export { callsAfterEnd, captureOf, processOf } from './processes.ts';
export { isDuring, requestOf, serverSpanOf, spanIndexOf, spansOf } from './requests.ts';
export {
  consumersBetween,
  leadsTo,
  type SampledMessage,
  sampledMessagesOf,
  standingFor,
} from './sampled-messages.ts';
export {
  callerOf,
  type Decision,
  decisionOf,
  type ParentInHeader,
  parentInHeader,
  type SampledVisit,
  sampledVisitsOf,
} from './sampling.ts';
export { formsOf, type SpanText, textsOf } from './secrets.ts';
export {
  exportsOf,
  isAbandoned,
  type PageExit,
  spansOfProcess,
  stopOf,
} from './stops.ts';
