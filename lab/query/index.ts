export { readCalculatedFields, type SavedField } from './calculated-field-files.ts';
export { openQueryEngine, type QueryEngine } from './engine.ts';
export { queryNotes } from './notes.ts';
export { QueryError, type QueryProblem } from './problems.ts';
export type { HeatmapCell, LazyResult, QueryResult, ResultData, ResultValue, SeriesItem } from './result.ts';
export { type RunOptions, runQuery, runQueryLazily } from './run.ts';
export {
  formatSavedQuery,
  parseSavedQuery,
  type SavedQuery,
  type StoredQuery,
} from './saved-query.ts';
export {
  keepCopy,
  readSavedQueries,
  readSavedQuery,
  type SavedQueryFile,
  writeSavedQuery,
} from './saved-query-files.ts';
export { type Sample, type Selection, selectionStatements } from './selection.ts';
export {
  type CalculatedField,
  type Calculation,
  type Filter,
  type Having,
  type Order,
  type QuerySpec,
  resultKey,
  splitRelation,
} from './spec.ts';
export { type ValidateOptions, validateQuery } from './validation/index.ts';
