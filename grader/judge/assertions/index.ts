/** The assertions that a checks.spec.ts is written in. Loaded inside Jest's sandbox: nothing here reaches outside it. */
export { endMs } from '@workshop/telemetry/pure';
export type { EvidenceSpan, HeaderRecord, SentRequest } from '../../evidence/index.ts';
export { answer } from './answer.ts';
export {
  expectAttributeAnywhere,
  expectAttributeOnServerSpan,
  expectNoAttribute,
  expectNothingPersonal,
  expectOwnAttribute,
  expectValue,
} from './attributes.ts';
export {
  countWithVariant,
  expectNoneInvented,
  expectNothingElseSent,
  expectNothingKept,
  expectPublishedInPage,
  expectStrangersIgnored,
  expectVariantInApi,
  expectVariantInPage,
  expectVariantInWorker,
  expectVariantSent,
} from './baggage.ts';
export { check, fail, tell } from './check.ts';
export {
  expectErrorStatus,
  expectErrorTypes,
  expectHiddenFailureTold,
  expectMessagesHide,
  expectNoError,
  expectOwnErrorType,
  expectOwnMessage,
  expectOwnWork,
  expectRecordedOnce,
} from './errors.ts';
export { evidence, spanIndex } from './evidence.ts';
export { fact } from './facts.ts';
export {
  expectJourneyCovers,
  expectJourneyEndedOnFailure,
  expectJourneySpan,
  expectJourneysApart,
  expectPublish,
  expectRequestsBelow,
} from './journey.ts';
export {
  expectNetworkShare,
  expectNetworkTimes,
  expectUrlTemplates,
  findMeasured,
  findNetworkOf,
  type Measured,
} from './latency.ts';
export { expectLibrarySpans, expectQueries, findQueriesBelow, isQuery, NEST } from './libraries.ts';
export { type Cost, expectBefore, expectFewQueries, expectSameFeed, expectSameShare } from './mended.ts';
export {
  expectAllTellingBelow,
  expectBatchConnected,
  expectBoundedMessageNames,
  expectConnected,
  expectConsumers,
  expectDelivery,
  expectMessageIds,
  expectMessages,
  expectNoOrphans,
  expectOldDelivered,
  expectOneConsumer,
  expectProducer,
  expectProducerEnded,
  expectTellingBelow,
  expectTries,
  expectWorkerTraced,
} from './outbox.ts';
export {
  expectBelow,
  expectBoundedNames,
  expectCovers,
  expectEndedOnFailure,
  expectEndedWithRequest,
  expectInsideRequest,
  expectInternalKind,
  expectNoOtherWork,
  expectNothingLaterBelow,
  expectOwnSpan,
} from './own-spans.ts';
export {
  expectClientSpans,
  expectDocumentLoad,
  expectExporterUntraced,
  expectNoKeyInPage,
  expectPageExport,
  expectPageRequests,
  expectPageServiceName,
  expectStartBeforeAngular,
} from './page.ts';
export {
  expectNothingToThirdParty,
  expectOneTrace,
  expectOriginKept,
  expectPreflights,
  expectQueriesBelow,
  expectTraceparents,
} from './propagation.ts';
export { expectSavedQuery } from './queries.ts';
export {
  expectListed,
  expectRequest,
  expectRequests,
  expectRoute,
  expectServerSpan,
  expectStatus,
  findSpansOf,
} from './requests.ts';
export {
  expectDeliveriesFollow,
  expectIdleWorkerSilent,
  expectTrueMessageCount,
  expectWorkerShare,
} from './sampled-deliveries.ts';
export {
  expectAllWithoutShare,
  expectApiShare,
  expectNoHealthChecks,
  expectPageShares,
  expectRates,
  expectTrueCount,
  expectWholeTraces,
} from './sampling.ts';
export {
  expectLinkHidden,
  expectLinkHiddenInPage,
  expectNeededKept,
  expectNothingPlanted,
  expectOutboxHidden,
} from './secrets.ts';
export {
  expectReadableTiming,
  expectServerSpanOfAnswer,
  expectServerTiming,
  expectTimedAnswers,
  expectTimedFeeds,
  expectTrueTiming,
  type TimedAnswer,
} from './server-timing.ts';
export { expectExported, expectServiceName } from './service.ts';
export {
  expectAnsweredKept,
  expectEndings,
  expectOutagesSurvived,
  expectPageExit,
  expectStartsEnded,
  expectUnderWayKept,
  expectWorkKept,
} from './stops.ts';
