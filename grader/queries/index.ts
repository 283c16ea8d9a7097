export { type HiddenData, openHiddenData, runSavedQueries } from './run.ts';
