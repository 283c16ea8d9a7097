// @ts-check
/** Watches the object that all copies of @opentelemetry/api share: its tracer provider and its diagnostics logger. */
import { global, replace, tell } from './channel.js';
import { watchProvider } from './watch-providers.js';

/** Majors of the API: 0 was experimental, 1 is today's, 2 may come. */
const MAJORS = [0, 1, 2];
const LONGEST_TEXT = 2000;
const known = new WeakSet();

export function watchApis() {
  for (const major of MAJORS) {
    const key = Symbol.for(`opentelemetry.js.api.${major}`);
    let api = global[key];
    watchApi(api);
    Object.defineProperty(global, key, {
      configurable: true,
      enumerable: false,
      get: () => api,
      set(value) {
        api = value;
        watchApi(value);
      },
    });
  }
}

/** @param {any} api */
function watchApi(api) {
  if (!api || typeof api !== 'object' || known.has(api)) return;
  known.add(api);
  tell({ t: 'api', version: String(api.version ?? '') });
  let { trace, diag } = api;
  let diagLogger = watchedLogger(diag);
  watchTrace(trace);
  Object.defineProperty(api, 'trace', {
    configurable: true,
    enumerable: true,
    get: () => trace,
    set(value) {
      trace = value;
      watchTrace(value);
    },
  });
  Object.defineProperty(api, 'diag', {
    configurable: true,
    enumerable: true,
    get: () => diagLogger,
    set(value) {
      diag = value;
      diagLogger = watchedLogger(value);
    },
  });
}

/** @param {any} proxy the API's ProxyTracerProvider, or a provider itself */
function watchTrace(proxy) {
  if (!proxy || typeof proxy !== 'object' || known.has(proxy)) return;
  if (typeof proxy.setDelegate !== 'function') {
    watchProvider(proxy);
    return;
  }
  known.add(proxy);
  replace(proxy, 'setDelegate', (setDelegate) => (/** @type {any} */ provider) => {
    watchProvider(provider);
    return setDelegate.call(proxy, provider);
  });
}

/** A logger that tells warnings and errors, and passes everything on to the learner's, if there is one. @param {any} logger */
function watchedLogger(logger) {
  /** @param {string} level */
  const level =
    (level) =>
    (/** @type {unknown[]} */ ...args) => {
      if (level === 'warn' || level === 'error') {
        const parts = args.map((arg) => String(/** @type {any} */ (arg)?.stack ?? arg));
        tell({ t: 'diag', text: `${level} ${parts.join(' ')}`.slice(0, LONGEST_TEXT) });
      }
      logger?.[level]?.(...args);
    };
  return Object.fromEntries(['verbose', 'debug', 'info', 'warn', 'error'].map((name) => [name, level(name)]));
}
