// @ts-check
'use strict';
/**
 * Finds every tracer provider of the process and adds the capture's span processor to it.
 *
 * Two ways, since each misses some set-ups: the provider given to the OpenTelemetry API as the global one (any
 * copy and version of the API, also bundled), and the constructors of the SDK's provider classes (providers that
 * are never registered, or refused because another one is there).
 */
const { addProcessor } = require('./add-processor.cjs');
const { hookApiGlobal } = require('./api-global.cjs');
const { now } = require('./originals.cjs');
const { countRefusals } = require('./sampler.cjs');

/** @typedef {import('./recorder.cjs').Recorder} Recorder */
/** @typedef {any} Provider */
/** @typedef {{ via: string, provider: string, registered: boolean, atMs: number }} AttachedProvider */

const PROVIDER_FILE =
  /@opentelemetry[\\/]sdk-trace(?:-base)?[\\/](?:build[\\/]src|dist)[\\/](TracerProvider|BasicTracerProvider)\.c?js$/;
const TRACE_API_FILE = /@opentelemetry[\\/]api[\\/](?:build[\\/]src|dist)[\\/]api[\\/]trace\.c?js$/;

/**
 * @param {Recorder} recorder
 * @param {import('./diag.cjs').DiagWatch} diag
 * @param {() => void} onAttach
 */
function createProviderWatch(recorder, diag, onAttach) {
  /** @type {Map<Provider, AttachedProvider>} */
  const attached = new Map();
  /** @type {string[]} */
  const warnings = [];

  /**
   * @param {Provider} provider
   * @param {'global' | 'constructor'} via
   */
  function attach(provider, via) {
    if (!provider || typeof provider !== 'object') return;
    const known = attached.get(provider);
    if (known) {
      if (via === 'global') known.registered = true;
      return;
    }
    const name = provider.constructor?.name ?? 'unknown';
    if (!addProcessor(provider, recorder.processor)) {
      warnings.push(`unknown tracer provider ${name}: its spans are not captured`);
      return;
    }
    if (!countRefusals(provider, recorder.notSampled))
      warnings.push('the sampler is frozen: spans that are not sampled are not counted');
    attached.set(provider, { via, provider: name, registered: via === 'global', atMs: now() });
    onAttach();
  }

  /** @param {Provider} provider */
  const attachGlobal = (provider) => guard(() => attach(provider, 'global'));

  /** The capture's own trouble must never become the learner's. @param {() => void} work */
  function guard(work) {
    try {
      work();
    } catch (error) {
      warnings.push(`capture: ${error}`);
    }
  }

  const apiGlobal = hookApiGlobal({ onProvider: attachGlobal, diag });

  /** What to do when a file of the SDK or the API has been loaded. */
  const rules = [
    {
      request: /(?:^|[\\/])(?:Basic)?TracerProvider(?:\.c?js)?$/,
      file: PROVIDER_FILE,
      /** @param {any} exported @param {RegExpExecArray} match */
      loaded(exported, match) {
        const name = String(match[1]);
        const Provider = exported[name];
        exported[name] = new Proxy(Provider, {
          construct(target, args, newTarget) {
            const provider = Reflect.construct(target, args, newTarget);
            guard(() => attach(provider, 'constructor'));
            return provider;
          },
        });
      },
    },
    {
      request: /(?:^|[\\/])trace(?:\.c?js)?$/,
      file: TRACE_API_FILE,
      /** @param {any} exported */
      loaded(exported) {
        const api = exported.TraceAPI.prototype;
        const { disable, setGlobalTracerProvider } = api;
        // The same as the hook on globalThis, for programs that replace the API's object there.
        /** @this {any} @param {any} provider */
        api.setGlobalTracerProvider = function (provider) {
          const registered = setGlobalTracerProvider.call(this, provider);
          if (registered) attachGlobal(provider);
          return registered;
        };
        /** @this {any} */
        api.disable = function () {
          const result = disable.call(this);
          guard(() => {
            for (const one of attached.values()) one.registered = false;
            apiGlobal.rehook(); // disable() deleted the hooked property
          });
          return result;
        };
      },
    },
  ];

  return {
    rules,
    warnings,
    attached: () => [...attached.values()],
    providers: () => [...attached.keys()],
    /** The one that libraries get; null: there is none. @returns {Provider | null} */
    registered: () => [...attached].find(([, { registered }]) => registered)?.[0] ?? null,
    apiLoaded: apiGlobal.loaded,
  };
}

/** @typedef {ReturnType<typeof createProviderWatch>} ProviderWatch */

module.exports = { createProviderWatch };
