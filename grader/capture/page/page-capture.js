// @ts-check
/**
 * The capture inside the learner's page: an init script that runs before any script of the page.
 *
 * It watches the object that all copies of @opentelemetry/api share, follows it to the providers, tracers and spans,
 * and tells the grader of each span as it starts and ends. It holds no code of OpenTelemetry and reads public fields
 * only. What it tells leaves the page at once, through a binding of the browser: nothing of it can be seen by the
 * page's own instrumentations, and a page that is left takes nothing with it.
 */
(() => {
  const SINK = '__workshopSpans';
  const KINDS = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
  const STATUS_CODES = ['UNSET', 'OK', 'ERROR'];
  /** The frames of interest are about 55 deep: Angular and rxjs stand above them. */
  const STACK_FRAMES = 100;
  const MAX_STRING = 64 * 1024;

  const global = /** @type {any} */ (globalThis);
  if (global !== global.top) return; // frames are not the page
  const send = global[SINK];
  delete global[SINK];
  if (typeof send !== 'function') return;

  const stringify = JSON.stringify;
  const OwnError = Error;
  const functionText = Function.prototype.toString;
  const document = Math.random().toString(36).slice(2, 10);
  const resources = new Map();
  /** @type {Set<any>} */
  const providers = new Set();
  const known = new WeakSet();

  /** @param {Record<string, unknown>} message */
  const tell = (message) => {
    try {
      void send(stringify({ document, ...message }));
    } catch {
      // The page must never feel the capture.
    }
  };

  /** @param {[number, number] | undefined} time */
  const milliseconds = (time) => (time ? time[0] * 1000 + time[1] / 1e6 : 0);

  /** @param {any} value @param {number} depth @returns {any} */
  const copyValue = (value, depth = 0) => {
    if (typeof value === 'string') {
      return value.length <= MAX_STRING
        ? value
        : `${value.slice(0, MAX_STRING)}... [cut: ${value.length} characters]`;
    }
    if (typeof value === 'boolean' || value === null) return value;
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    if (value === undefined) return null;
    if (typeof value !== 'object' || depth > 5) return String(value);
    if (Array.isArray(value)) return value.map((item) => copyValue(item, depth + 1));
    return copyAttributes(value, depth + 1);
  };

  /** @param {any} attributes @param {number} depth */
  const copyAttributes = (attributes, depth = 0) =>
    Object.fromEntries(
      Object.entries(attributes ?? {}).map(([key, value]) => [key, copyValue(value, depth)]),
    );

  /** All spans of a provider share one resource, so it travels once. @param {any} resource */
  const resourceNumber = (resource) => {
    const attributes = stringify(copyAttributes(resource?.attributes));
    let number = resources.get(attributes);
    if (number === undefined) {
      number = resources.size;
      resources.set(attributes, number);
      tell({ t: 'resource', number, attributes: JSON.parse(attributes) });
    }
    return number;
  };

  /** @param {any} span */
  const copyBeginning = (span) => {
    const { traceId, spanId, traceFlags, traceState } = span.spanContext();
    const scope = span.instrumentationScope ?? span.instrumentationLibrary ?? {};
    return {
      traceId,
      spanId,
      traceFlags,
      traceState: traceState?.serialize?.() || undefined,
      parentSpanId: span.parentSpanContext?.spanId ?? span.parentSpanId,
      parentIsRemote: span.parentSpanContext?.isRemote,
      name: String(span.name),
      kind: KINDS[span.kind] ?? 'INTERNAL',
      startMs: milliseconds(span.startTime),
      attributes: copyAttributes(span.attributes),
      scope: { name: String(scope.name ?? ''), version: scope.version },
    };
  };

  /** @param {any} span */
  const copySpan = (span) => ({
    ...copyBeginning(span),
    resource: resourceNumber(span.resource),
    durationMs: milliseconds(span.duration),
    status: { code: STATUS_CODES[span.status?.code] ?? 'UNSET', message: span.status?.message },
    events: (span.events ?? []).map((/** @type {any} */ event) => ({
      name: String(event.name),
      timeMs: milliseconds(event.time),
      attributes: copyAttributes(event.attributes),
    })),
    links: (span.links ?? []).map((/** @type {any} */ link) => ({
      traceId: link.context.traceId,
      spanId: link.context.spanId,
      attributes: copyAttributes(link.attributes),
    })),
  });

  const takeStack = () => {
    const limit = OwnError.stackTraceLimit;
    OwnError.stackTraceLimit = STACK_FRAMES;
    const { stack } = new OwnError();
    OwnError.stackTraceLimit = limit;
    return stack ?? '';
  };

  /** @param {any} target @param {string} name @param {(original: any) => any} make */
  const replace = (target, name, make) => {
    const original = target[name];
    if (typeof original !== 'function') return;
    Object.defineProperty(target, name, { configurable: true, writable: true, value: make(original) });
  };

  /** @param {any} span @param {string} stack */
  const watchSpan = (span, stack) => {
    if (!span || known.has(span)) return;
    known.add(span);
    if (!span.isRecording?.()) {
      tell({ t: 'not-sampled' });
      return;
    }
    let ended = false;
    tell({ t: 'start', span: copyBeginning(span), stack });
    replace(span, 'end', (end) => (/** @type {any[]} */ ...args) => {
      const wasRecording = span.isRecording();
      const result = end.apply(span, args);
      if (wasRecording && !ended) {
        ended = true;
        try {
          tell({ t: 'end', span: copySpan(span) });
        } catch (error) {
          tell({ t: 'warning', text: `a span could not be copied: ${error}` });
        }
      }
      return result;
    });
    replace(span, 'setAttribute', (setAttribute) => (/** @type {any[]} */ ...args) => {
      if (ended) tell({ t: 'set-after-end', spanId: span.spanContext().spanId, key: String(args[0]) });
      return setAttribute.apply(span, args);
    });
  };

  /** @param {any} tracer */
  const watchTracer = (tracer) => {
    if (!tracer || known.has(tracer)) return tracer;
    known.add(tracer);
    replace(tracer, 'startSpan', (startSpan) => (/** @type {any[]} */ ...args) => {
      const span = startSpan.apply(tracer, args);
      try {
        watchSpan(span, takeStack());
      } catch (error) {
        tell({ t: 'warning', text: `a span could not be watched: ${error}` });
      }
      return span;
    });
    return tracer;
  };

  /** @param {any} provider */
  const watchProvider = (provider) => {
    if (!provider || known.has(provider)) return;
    known.add(provider);
    providers.add(provider);
    tell({
      t: 'provider',
      provider: String(provider.constructor?.name ?? ''),
      exporters: findExporters(provider),
    });
    replace(
      provider,
      'getTracer',
      (getTracer) =>
        (/** @type {any[]} */ ...args) =>
          watchTracer(getTracer.apply(provider, args)),
    );
  };

  /** Best effort: addresses to which span processors of a provider send. @param {any} root @returns {string[]} */
  const findExporters = (root) => {
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
  };

  /** @param {any} proxy the API's ProxyTracerProvider, or a provider itself */
  const watchTrace = (proxy) => {
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
  };

  /** A logger that tells warnings and errors, and passes everything on to the learner's, if there is one. @param {any} logger */
  const watchedLogger = (logger) => {
    /** @param {string} level */
    const level =
      (level) =>
      (/** @type {unknown[]} */ ...args) => {
        if (level === 'warn' || level === 'error') {
          tell({
            t: 'diag',
            text: `${level} ${args.map((arg) => String(/** @type {any} */ (arg)?.stack ?? arg)).join(' ')}`.slice(
              0,
              2000,
            ),
          });
        }
        logger?.[level]?.(...args);
      };
    return Object.fromEntries(
      ['verbose', 'debug', 'info', 'warn', 'error'].map((name) => [name, level(name)]),
    );
  };

  /** @param {any} api */
  const watchApi = (api) => {
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
  };

  for (const major of [0, 1, 2]) {
    let api = global[Symbol.for(`opentelemetry.js.api.${major}`)];
    watchApi(api);
    Object.defineProperty(global, Symbol.for(`opentelemetry.js.api.${major}`), {
      configurable: true,
      enumerable: false,
      get: () => api,
      set(value) {
        api = value;
        watchApi(value);
      },
    });
  }

  /** Functions of the browser that somebody has put another one in place of, as instrumentations do. */
  const replacedApis = () =>
    [
      ['fetch', global.fetch],
      ['XMLHttpRequest', global.XMLHttpRequest?.prototype?.open],
    ]
      .filter(([, api]) => typeof api === 'function' && !/\[native code\]/.test(functionText.call(api)))
      .map(([name]) => name);

  // The grader calls it before it looks at what the collector got.
  Object.defineProperty(global, Symbol.for('workshop.flush'), {
    value: () => {
      tell({ t: 'replaced', apis: replacedApis() });
      return flushAll();
    },
  });
  const flushAll = () =>
    Promise.allSettled([...providers].map(async (provider) => provider.forceFlush?.())).then(() => {});
  tell({ t: 'document', url: global.location.href });
})();
