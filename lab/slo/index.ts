export { BurnAlertWatch } from './burn-alerts.ts';
export { measureSlos, sloList } from './measure.ts';
export { readSlos, type SloFile, type SloFiles } from './slo-files.ts';
