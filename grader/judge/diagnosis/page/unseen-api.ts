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
