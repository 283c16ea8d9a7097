export * from './query/index.ts';
export {
  type EventPublisher,
  type Lab,
  type LabApp,
  type LabOptions,
  type Mount,
  type ReadingLab,
  startLab,
  startReadingLab,
} from './server/index.ts';
