// @ts-check
/** Knows the page's tracer providers, and where they send their spans. */
import { global, replace, tell } from './channel.js';
import { watchTracer } from './watch-spans.js';

/** @type {Set<any>} */
const providers = new Set();

/** @param {any} provider */
export function watchProvider(provider) {
  if (!provider || providers.has(provider)) return;
  providers.add(provider);
  const name = String(provider.constructor?.name ?? '');
  const atMs = global.performance.timeOrigin + global.performance.now();
  tell({ t: 'provider', atMs, provider: name, exporters: exporterUrls(provider) });
  replace(
    provider,
    'getTracer',
    (getTracer) =>
      (/** @type {any[]} */ ...args) =>
        watchTracer(getTracer.apply(provider, args)),
  );
}

/** Has every provider send what it holds. */
export function flushProviders() {
  return Promise.allSettled([...providers].map(async (provider) => provider.forceFlush?.())).then(() => {});
}

/** Best effort: addresses to which span processors of a provider send. @param {any} root @returns {string[]} */
function exporterUrls(root) {
  const urls = new Set();
  const seen = new Set();
  /** @param {any} value @param {number} depth */
  const look = (value, depth) => {
    if (!value || typeof value !== 'object' || seen.has(value) || depth > 9 || seen.size > 400) return;
    seen.add(value);
    for (const key of Object.getOwnPropertyNames(value)) {
      const inner = Object.getOwnPropertyDescriptor(value, key)?.value;
      if (typeof inner === 'string' && /^url$/i.test(key)) urls.add(inner);
      else if (inner && typeof inner === 'object') look(inner, depth + 1);
    }
  };
  try {
    look(root, 0);
  } catch {
    // Only a hint for messages.
  }
  return [...urls];
}
