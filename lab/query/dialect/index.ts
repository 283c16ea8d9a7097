export { CLICKHOUSE } from './clickhouse.ts';
export type { Dialect } from './dialect.ts';
export { DUCKDB } from './duckdb.ts';
