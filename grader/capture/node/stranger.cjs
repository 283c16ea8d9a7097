// @ts-check
'use strict';
/**
 * Plays a library of somebody else, which the learner has no hand in: makes spans with the program's own tracer
 * provider. What such a library writes on a span passes the learner's pipeline like everything else.
 */

/** @typedef {import('../types.ts').StrangerSpan} StrangerSpan */
/** @typedef {import('../types.ts').MadeSpan} MadeSpan */

const SCOPE = 'stranger-library';
const KINDS = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const STATUS_CODES = ['UNSET', 'OK', 'ERROR'];
const SAMPLED = 1;

/**
 * @param {any} provider null: there is none
 * @param {StrangerSpan[]} spans
 * @returns {MadeSpan[]} in their order; an id of null: nothing was made
 */
function makeSpans(provider, spans) {
  const tracer = provider?.getTracer(SCOPE, '1.0.0');
  return spans.map(({ name, kind, attributes, events, links, status }) => {
    const span = tracer?.startSpan(name, {
      root: true,
      kind: KINDS.indexOf(kind),
      attributes,
      links: links.map((link) => ({
        context: { traceId: link.traceId, spanId: link.spanId, traceFlags: SAMPLED },
        attributes: link.attributes,
      })),
    });
    if (!span?.isRecording()) return { traceId: null, spanId: null };
    for (const event of events) span.addEvent(event.name, event.attributes);
    span.setStatus({ code: STATUS_CODES.indexOf(status.code), message: status.message });
    span.end();
    const { traceId, spanId } = span.spanContext();
    return { traceId, spanId };
  });
}

module.exports = { makeSpans };
