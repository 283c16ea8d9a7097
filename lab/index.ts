export * from './query/index.ts';
export {
  type EventPublisher,
  type Lab,
  type LabApp,
  type LabOptions,
  type Mount,
  startLab,
} from './server/index.ts';
