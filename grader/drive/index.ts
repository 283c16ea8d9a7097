export type { DrivenTree, DriveOrder } from './order.ts';
export type { NetworkWords, PageAnswer, PageTiming, PageWords } from './page.ts';
export type { Person } from './person.ts';
export { drive } from './run.ts';
export { type ApiAnswer, type Scenario, scenario, type Words } from './scenario.ts';
