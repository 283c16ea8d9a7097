// @ts-check
/** What a page sends requests with: who watches it, and what was used. */
import { global } from './channel.js';

const functionText = Function.prototype.toString;

/** Functions of the browser that somebody has put another one in place of, as instrumentations do. */
export function replacedApis() {
  return [
    ['fetch', global.fetch],
    ['XMLHttpRequest', global.XMLHttpRequest?.prototype?.open],
  ]
    .filter(([, api]) => typeof api === 'function' && !/\[native code\]/.test(functionText.call(api)))
    .map(([name]) => name);
}

/** What sent the requests of this document to each origin: `fetch`, `XMLHttpRequest`, as the browser wrote it down. */
export function sentBy() {
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
