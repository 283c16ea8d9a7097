export type { DevelopmentOptions } from './development.ts';
export { resetMurmurData } from './reset-data.ts';
export { runDevelopment } from './run-development.ts';
export { type SaveWatcher, watchSaves } from './save-watcher.ts';
