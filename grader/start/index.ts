export type { DevelopmentOptions } from './development.ts';
export { runDevelopment } from './run.ts';
export { type SaveWatcher, watchSaves } from './save-watcher.ts';
