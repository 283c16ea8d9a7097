export type { NetworkWords, PageAnswer, PageTiming, PageWords } from './page.ts';
export { type Draw, drawFrom, freshSeed } from './random.ts';
export { type DrivenTree, type DriveOrder, drive } from './run.ts';
export { type ApiAnswer, type Person, type Scenario, scenario, type Words } from './scenario.ts';
