export { type HiddenData, openHiddenData, runSavedQueries } from './run-saved-queries.ts';
