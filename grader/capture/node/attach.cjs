// @ts-check
'use strict';
/**
 * Finds every tracer provider of the process and adds the capture's span processor to it.
 *
 * Two ways, since each misses some set-ups: the provider given to the OpenTelemetry API as the global one (any
 * copy and version of the API, also bundled), and the constructors of the SDK's provider classes (providers that
 * are never registered, or refused because another one is there).
 */
const { hookApiGlobal } = require('./api-global.cjs');

/** @typedef {import('./recorder.cjs').Recorder} Recorder */
/** @typedef {any} Provider */
/** @typedef {{ via: string, provider: string, registered: boolean }} AttachedProvider */

const ATTACHED = Symbol('workshop.capture.attached');

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
   * SDK 1: the active processor is read from the provider at each span, and addSpanProcessor() replaces it.
   * @param {Provider} provider
   */
  function addToSdk1(provider) {
    const compose = () => {
      const active = provider.activeSpanProcessor;
      if (active[ATTACHED]) return;
      const own = recorder.processor;
      provider.activeSpanProcessor = {
        [ATTACHED]: true,
        _spanProcessors: active._spanProcessors ?? [active],
        onStart(/** @type {any} */ span, /** @type {any} */ context) {
          active.onStart(span, context);
          own.onStart(span);
        },
        onEnd(/** @type {any} */ span) {
          active.onEnd(span);
          own.onEnd(span);
        },
        forceFlush: () => active.forceFlush(),
        shutdown: () => active.shutdown(),
      };
    };
    compose();
    const { addSpanProcessor } = provider;
    provider.addSpanProcessor = (/** @type {any} */ processor) => {
      addSpanProcessor.call(provider, processor);
      compose();
    };
  }

  /** @param {Provider} provider @returns {boolean} */
  function addProcessor(provider) {
    const multi = provider._activeSpanProcessor;
    if (Array.isArray(multi?._spanProcessors)) {
      // A copy: the array may be the learner's own, given to two providers.
      multi._spanProcessors = [...multi._spanProcessors, recorder.processor];
      return true;
    }
    if (provider.activeSpanProcessor && typeof provider.addSpanProcessor === 'function') {
      addToSdk1(provider);
      return true;
    }
    return false;
  }

  /** Counts spans that the sampler refuses: no span processor ever sees them. @param {Provider} provider */
  function countRefusals(provider) {
    const sampler = provider._tracerOptions?.sampler ?? provider._config?.sampler;
    if (typeof sampler?.shouldSample !== 'function' || Object.hasOwn(sampler, ATTACHED)) return;
    const { shouldSample } = sampler;
    const RECORD_AND_SAMPLED = 2;
    /** @this {any} @param {any[]} args */
    const counting = function (...args) {
      const result = shouldSample.apply(this, args);
      if (result?.decision !== RECORD_AND_SAMPLED) recorder.notSampled();
      return result;
    };
    try {
      Object.defineProperty(sampler, ATTACHED, { value: true });
      Object.defineProperty(sampler, 'shouldSample', { value: counting, configurable: true, writable: true });
    } catch {
      warnings.push('the sampler is frozen: spans that are not sampled are not counted');
    }
  }

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
    if (!addProcessor(provider)) {
      warnings.push(`unknown tracer provider ${name}: its spans are not captured`);
      return;
    }
    countRefusals(provider);
    attached.set(provider, { via, provider: name, registered: via === 'global' });
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
    apiLoaded: apiGlobal.loaded,
  };
}

/** @typedef {ReturnType<typeof createProviderWatch>} ProviderWatch */

module.exports = { createProviderWatch };
