export { addHoneycombApi, type HoneycombApiOptions } from './routes.ts';
