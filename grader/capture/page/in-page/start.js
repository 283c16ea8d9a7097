// @ts-check
/** Starts the capture in a page, before any script of the page. */
import { replacedApis, sentBy } from './browser-apis.js';
import { global, isWatched, tell } from './channel.js';
import { watchAngular } from './watch-angular.js';
import { watchApis } from './watch-api.js';
import { flushProviders } from './watch-providers.js';

if (isWatched) {
  watchApis();
  watchAngular();
  // The grader calls it before it looks at what the collector got.
  Object.defineProperty(global, Symbol.for('workshop.flush'), {
    value: () => {
      tell({ t: 'replaced', apis: replacedApis(), sentBy: sentBy() });
      return flushProviders();
    },
  });
  tell({ t: 'document', url: global.location.href, startedMs: global.performance.timeOrigin });
}
