export { type Account, readAccount } from './account.ts';
export { boardName, styleOf } from './board.ts';
export { type CheckReport, check, type KeyReport } from './check.ts';
export { EU_ENDPOINT, type HoneycombConfig, readConfig, US_ENDPOINT } from './config.ts';
export { datasetOf } from './dataset.ts';
export {
  assertCanExport,
  type ExportOptions,
  type ExportResult,
  exportGradedSpans,
  type GradedMarks,
  sendMarkedSpans,
} from './export.ts';
export * from './forward/index.ts';
export { environmentLink, queryLink, traceLink } from './links.ts';
export { linksOfExercise, linksToSavedQueries, linkToTrace, type NamedLink } from './open.ts';
export { Secret } from './secret.ts';
