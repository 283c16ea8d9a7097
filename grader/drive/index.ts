export type { ApiAnswer } from './actions/api.ts';
export type { Person } from './actions/person.ts';
export type { Outage } from './actions/replicas.ts';
export { drive, driveOne } from './drive.ts';
export type { DrivenTree, DriveOrder } from './order.ts';
export { MurmurPage, type VisitorPatience } from './page/murmur-page.ts';
export { type Actions, type Scenario, scenario } from './scenario.ts';
export { WarmDriver, type WarmOrder } from './warm-driver.ts';
