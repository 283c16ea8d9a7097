// The client of ClickHouse is loaded by those alone who read from one: rows.ts and store.ts are not here.
export { type ClickHouseAddress, readClickHouseAddress } from './address.ts';
export { ClickHouseProblem, CollectsNothing } from './problems.ts';
export type { ClickHouseStore } from './store.ts';
