export { publishLive } from './publish.ts';
export { addLearnRoutes } from './routes.ts';
export { LearnSession } from './session.ts';
