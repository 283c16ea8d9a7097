export type { DevelopmentOptions } from './development.ts';
export { oneAtATime } from './one-at-a-time.ts';
export { runDevelopment } from './run-development.ts';
export { type SaveWatcher, watchSaves } from './save-watcher.ts';
