export { runSavedQueries } from './run.ts';
