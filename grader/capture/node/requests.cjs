// @ts-check
'use strict';
/**
 * Keeps the headers of every request that the process's HTTP servers got and answered: preflights, and what arrived
 * of a trace. Node's own diagnostics channels tell of them, so nothing is patched and nothing stands in the way.
 */
const { subscribe } = require('node:diagnostics_channel');
const { now } = require('./originals.cjs');

const MOST_KEPT = 5000;

/** @typedef {import('../../evidence/index.ts').HeaderRecord} HeaderRecord */

/** @param {import('node:http').IncomingHttpHeaders | import('node:http').OutgoingHttpHeaders} headers */
function flat(headers) {
  /** @type {Record<string, string>} */
  const copy = {};
  for (const [name, value] of Object.entries(headers)) copy[name] = String(value);
  // Evidence is attached to bug reports.
  if (copy.authorization) copy.authorization = `${copy.authorization.split(' ')[0]} (left out)`;
  if (copy.cookie) copy.cookie = '(left out)';
  return copy;
}

function watchRequests() {
  /** @type {(HeaderRecord & { seq: number })[]} */
  const kept = [];
  let seq = 0;
  /** @type {WeakMap<object, { record: HeaderRecord, began: number }>} */
  const underWay = new WeakMap();

  subscribe('http.server.request.start', (/** @type {any} */ { request, response }) => {
    const headers = flat(request.headers);
    /** @type {HeaderRecord & { seq: number }} */
    const record = {
      at: 'api',
      seq: ++seq,
      method: String(request.method),
      path: String(request.url),
      origin: headers.origin ?? null,
      traceparent: headers.traceparent ?? null,
      baggage: headers.baggage ?? null,
      requestHeaders: headers,
      responseHeaders: {},
      status: null,
      atMs: now(),
      durationMs: null,
    };
    kept.push(record);
    if (kept.length > MOST_KEPT) kept.shift();
    underWay.set(response, { record, began: performance.now() });
  });
  subscribe('http.server.response.finish', (/** @type {any} */ { response }) => {
    const found = underWay.get(response);
    if (!found) return;
    found.record.status = response.statusCode;
    found.record.responseHeaders = flat(response.getHeaders());
    found.record.durationMs = performance.now() - found.began;
  });

  return {
    /** @param {number} sinceSeq */
    since: (sinceSeq) => kept.filter((record) => record.seq > sinceSeq),
  };
}

/** @typedef {ReturnType<typeof watchRequests>} RequestWatch */

module.exports = { watchRequests };
