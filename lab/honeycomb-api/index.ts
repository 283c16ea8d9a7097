export type { HoneycombApiOptions } from './options.ts';
export { addHoneycombApi } from './routes/index.ts';
