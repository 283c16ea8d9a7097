import type { Dialect } from './dialect.ts';
import { DUCKDB } from './duckdb.ts';

export type { Dialect } from './dialect.ts';

/** The dialect of the database that keeps the spans: the one place that says which it is. */
export const DIALECT: Dialect = DUCKDB;
