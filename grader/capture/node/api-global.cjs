// @ts-check
'use strict';
/**
 * Watches the object that all copies of @opentelemetry/api share: `globalThis[Symbol.for('opentelemetry.js.api.1')]`.
 *
 * The symbol gets an accessor only until the API first writes it; then it becomes a plain property again, because
 * the API reads it several times for each span. The object's `trace` and `diag` stay accessors.
 */

/** Majors of the API: 0 was experimental, 1 is today's, 2 and 3 may come. */
const MAJORS = [0, 1, 2, 3];

/**
 * @param {object} options
 * @param {(provider: any) => void} options.onProvider called with each provider that becomes the global one
 * @param {import('./diag.cjs').DiagWatch} options.diag
 */
function hookApiGlobal({ onProvider, diag }) {
  /** @type {Set<any>} */
  const globals = new Set();
  const watchedProxies = new WeakSet();

  /** @param {any} proxy the API's ProxyTracerProvider, or in odd cases a provider itself */
  function watchDelegate(proxy) {
    if (!proxy || typeof proxy !== 'object' || watchedProxies.has(proxy)) return;
    watchedProxies.add(proxy);
    const { setDelegate } = proxy;
    if (typeof setDelegate !== 'function') {
      onProvider(proxy);
      return;
    }
    const delegate = proxy._delegate;
    if (delegate) onProvider(delegate);
    Object.defineProperty(proxy, 'setDelegate', {
      configurable: true,
      writable: true,
      value(/** @type {any} */ provider) {
        onProvider(provider);
        return setDelegate.call(this, provider);
      },
    });
  }

  /** @param {any} api */
  function hookTrace(api) {
    let current = api.trace;
    watchDelegate(current);
    Object.defineProperty(api, 'trace', {
      configurable: true, // trace.disable() deletes it
      enumerable: true,
      get: () => current,
      set(value) {
        current = value;
        watchDelegate(value);
      },
    });
  }

  /** @param {any} api */
  function hookDiag(api) {
    let logger = api.diag;
    Object.defineProperty(api, 'diag', {
      configurable: true,
      enumerable: true,
      get: () => diag.loggerFor(logger),
      set(value) {
        logger = value;
      },
    });
  }

  /** @param {any} api */
  function hook(api) {
    if (!api || typeof api !== 'object' || globals.has(api)) return;
    globals.add(api);
    try {
      hookTrace(api);
      hookDiag(api);
    } catch {
      // A frozen object: the constructors of the SDK are watched as well.
    }
  }

  for (const major of MAJORS) {
    const key = Symbol.for(`opentelemetry.js.api.${major}`);
    if (/** @type {any} */ (globalThis)[key]) {
      hook(/** @type {any} */ (globalThis)[key]);
      continue;
    }
    Object.defineProperty(globalThis, key, {
      configurable: true,
      get: () => undefined,
      set(api) {
        Object.defineProperty(globalThis, key, {
          configurable: true,
          enumerable: true,
          writable: true,
          value: api,
        });
        hook(api);
      },
    });
  }

  return {
    loaded: () => globals.size > 0,
    /** Hooks again what `disable()` deleted. */
    rehook() {
      for (const api of globals) {
        if (!Object.getOwnPropertyDescriptor(api, 'trace')?.set) hookTrace(api);
        if (!Object.getOwnPropertyDescriptor(api, 'diag')?.set) hookDiag(api);
      }
    },
  };
}

module.exports = { hookApiGlobal };
