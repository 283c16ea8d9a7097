/** Spans that no learner has seen, and the right answers to questions about them. Pure: Jest's sandbox loads it, too. */
export { type DataSet, type DataSetId, hiddenDataSets, RECENT_MS } from './data-set.ts';
export { attributeOf, type Row, rowsOf } from './rows.ts';
export { findSavedQuery, type SavedQueryId, WANTED, type WantedQuery } from './saved-query.ts';
export { percentile, STATISTICS, type Statistic } from './statistics.ts';
