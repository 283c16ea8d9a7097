export type { Mount } from './api.ts';
export type { LabApp } from './app.ts';
export type { EventPublisher } from './events/index.ts';
export { type Lab, type LabHoneycomb, type LabOptions, startLab } from './lab.ts';
export { type ReadingLab, type ReadingLabOptions, startReadingLab } from './reading-lab.ts';
export { LAB_PORT } from './serve-api.ts';
