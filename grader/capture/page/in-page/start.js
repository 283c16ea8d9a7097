// @ts-check
/** Starts the capture in a page, before any script of the page. */
import { global, isWatched, tell } from './channel.js';
import { watchApis } from './watch-api.js';
import { flushProviders } from './watch-providers.js';

const functionText = Function.prototype.toString;

/** Functions of the browser that somebody has put another one in place of, as instrumentations do. */
function replacedApis() {
  return [
    ['fetch', global.fetch],
    ['XMLHttpRequest', global.XMLHttpRequest?.prototype?.open],
  ]
    .filter(([, api]) => typeof api === 'function' && !/\[native code\]/.test(functionText.call(api)))
    .map(([name]) => name);
}

/** What sent the requests of this document to each origin: `fetch`, `XMLHttpRequest`, as the browser wrote it down. */
function sentBy() {
  /** @type {Record<string, string[]>} */
  const byOrigin = {};
  for (const entry of global.performance.getEntriesByType('resource')) {
    const by = { fetch: 'fetch', xmlhttprequest: 'XMLHttpRequest' }[String(entry.initiatorType)];
    if (!by) continue;
    const { origin } = new URL(entry.name);
    byOrigin[origin] ??= [];
    if (!byOrigin[origin].includes(by)) byOrigin[origin].push(by);
  }
  return byOrigin;
}

if (isWatched) {
  watchApis();
  // The grader calls it before it looks at what the collector got.
  Object.defineProperty(global, Symbol.for('workshop.flush'), {
    value: () => {
      tell({ t: 'replaced', apis: replacedApis(), sentBy: sentBy() });
      return flushProviders();
    },
  });
  tell({ t: 'document', url: global.location.href, startedMs: global.performance.timeOrigin });
}
