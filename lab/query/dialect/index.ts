export type { Dialect } from './dialect.ts';
export { DUCKDB } from './duckdb.ts';
