export type { Outage } from '../evidence/index.ts';
export type { ApiAnswer } from './actions/api.ts';
export type { Person } from './actions/person.ts';
export { deliveryParts } from './delivery-parts.ts';
export { drive, driveOne } from './drive.ts';
export type { DrivenTree, DriveOrder } from './order.ts';
export { MurmurPage, type VisitorPatience } from './page/murmur-page.ts';
export { type Actions, type Scenario, scenario } from './scenario.ts';
export { WarmDriver, type WarmOrder } from './warm-driver.ts';
