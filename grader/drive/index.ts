export type { ApiAnswer } from './actions/api.ts';
export type { Person } from './actions/people.ts';
export { type DrivenTree, type DriveOrder, drive, driveOne } from './drive.ts';
export { MurmurPage, type VisitorPatience } from './page/murmur-page.ts';
export { type Actions, type Scenario, scenario } from './scenario.ts';
