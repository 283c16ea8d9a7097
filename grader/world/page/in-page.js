/**
 * Functions that run inside the learner's page. The browser gets their text, so each stands alone.
 */

/**
 * Puts into the page's storage what Murmur would have kept there of an earlier visit, unless it is there. Runs before the
 * page's own scripts.
 * @param {{ storage: 'localStorage' | 'sessionStorage', key: string, value: string }} kept
 */
export function keep({ storage, key, value }) {
  try {
    globalThis[storage][key] ??= value;
  } catch {
    // an empty page has no storage
  }
}

/** @returns {string} what the page shows */
export function visibleText() {
  return document.body?.innerText ?? '';
}

/**
 * @param {number} maxMs
 * @returns {Promise<void>} once the page's thread has nothing to do, at the latest after `maxMs`
 */
export function rested(maxMs) {
  return new Promise((resolve) => {
    requestIdleCallback(() => resolve(), { timeout: maxMs });
  });
}

/** @returns {Promise<void>} once the tracer providers have sent what they held */
export function flushProviders() {
  return globalThis[Symbol.for('workshop.flush')]?.();
}

/**
 * A request of the page's own JavaScript, with the fetch that the page's instrumentations see.
 * @param {{ url: string, method: string, token: string | null, body?: unknown }} request
 * @returns {Promise<{ status: number | null, error: string | null, headers: Record<string, string>, body: unknown }>}
 */
export async function fetchHere({ url, method, token, body }) {
  try {
    const response = await fetch(url, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    let parsed = text;
    try {
      parsed = JSON.parse(text);
    } catch {
      // then it is text
    }
    return {
      status: response.status,
      error: null,
      headers: Object.fromEntries([...response.headers]),
      body: parsed,
    };
  } catch (error) {
    return { status: null, error: String(error), headers: {}, body: null };
  }
}

/**
 * @typedef {object} ResourceTiming
 * @property {string} url
 * @property {number} startTime
 * @property {number} duration
 * @property {number} requestStart
 * @property {number} responseStart
 * @property {number} responseEnd
 * @property {{ name: string, duration: number, description: string }[]} serverTiming
 */

/**
 * @param {string} prefix of the address
 * @returns {ResourceTiming[]}
 */
export function resourceTimings(prefix) {
  return performance
    .getEntriesByType('resource')
    .filter(({ name }) => name.startsWith(prefix))
    .map((entry) => ({
      url: entry.name,
      startTime: entry.startTime,
      duration: entry.duration,
      requestStart: entry.requestStart,
      responseStart: entry.responseStart,
      responseEnd: entry.responseEnd,
      serverTiming: entry.serverTiming.map(({ name, duration, description }) => ({
        name,
        duration,
        description,
      })),
    }));
}

/**
 * Makes spans as a library of somebody else would, with the tracer provider of the page.
 * @param {string} text a list of StrangerSpan as JSON
 * @returns {import('../../capture/index.ts').MadeSpan[]} an id of null: there is no provider
 */
export function makeStrangerSpans(text) {
  /** @type {import('../../capture/index.ts').StrangerSpan[]} */
  const spans = JSON.parse(text);
  const kinds = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
  const codes = ['UNSET', 'OK', 'ERROR'];
  const tracer = globalThis[Symbol.for('opentelemetry.js.api.1')]?.trace?.getTracer(
    'stranger-library',
    '1.0.0',
  );
  return spans.map(({ name, kind, attributes, events, links, status }) => {
    const span = tracer?.startSpan(name, {
      root: true,
      kind: kinds.indexOf(kind),
      attributes,
      links: links.map(({ traceId, spanId, attributes: ofLink }) => ({
        context: { traceId, spanId, traceFlags: 1 },
        attributes: ofLink,
      })),
    });
    if (!span?.isRecording()) return { traceId: null, spanId: null };
    for (const event of events) span.addEvent(event.name, event.attributes);
    span.setStatus({ code: codes.indexOf(status.code), message: status.message });
    span.end();
    const { traceId, spanId } = span.spanContext();
    return { traceId, spanId };
  });
}

/** Tells the page that it is hidden now, as a browser does whose user looks at something else. */
export function hideDocument() {
  Object.defineProperties(document, {
    visibilityState: { configurable: true, get: () => 'hidden' },
    hidden: { configurable: true, get: () => true },
  });
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
}
