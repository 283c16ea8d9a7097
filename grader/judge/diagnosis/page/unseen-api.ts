import type { Finding } from '../../finding.ts';

/** The API runs without the capture, which alone knows what the page asked for. */
export function diagnoseUnseenApi(): Finding {
  return {
    reason: 'no-spans-from-process',
    saw: 'the API runs, but the grader could not look into it, so it does not know what the page asked for.',
    wanted: 'the API is started by its start script, with the environment that the grader gives it.',
    look: 'the start script of app-backend: does it replace NODE_OPTIONS or start node by its full path?',
  };
}

/** The page was used to its end, and the API never told of a request that this takes. */
export function diagnoseUnseenRequest(path = ''): Finding {
  return {
    reason: 'unexplained',
    saw: `the page was used to its end, and the API told of no request of it${path && ` for ${path}`}.`,
    wanted: 'the page asks the API as before you changed it.',
    look: 'what does the page ask in its place? Does something else answer it: a cache, a service worker?',
    seen: [{ kind: 'missing', text: path || 'requests of the page' }],
  };
}
