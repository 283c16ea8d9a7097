export { publishLive } from './publish.ts';
export { addLearnRoutes } from './routes.ts';
export { LearnSession } from './session.ts';
export { addSolutionRoutes } from './solution-routes.ts';
export { Solutions } from './solutions.ts';
