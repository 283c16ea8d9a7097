export * from './query/index.ts';
export { type Lab, type LabOptions, startLab } from './server/index.ts';
