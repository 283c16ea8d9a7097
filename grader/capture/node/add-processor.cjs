// @ts-check
'use strict';
/** Adds the capture's span processor to a tracer provider of any SDK, beside the learner's own. */

/** @typedef {import('./recorder.cjs').Recorder['processor']} CaptureProcessor */
/** @typedef {any} Provider */

const COMPOSED = Symbol('workshop.capture.composed');

/**
 * @param {Provider} provider
 * @param {CaptureProcessor} processor
 * @returns {boolean} false: a provider of an unknown kind, left as it was
 */
function addProcessor(provider, processor) {
  const multi = provider._activeSpanProcessor;
  if (Array.isArray(multi?._spanProcessors)) {
    // A copy: the array may be the learner's own, given to two providers.
    multi._spanProcessors = [...multi._spanProcessors, processor];
    return true;
  }
  if (provider.activeSpanProcessor && typeof provider.addSpanProcessor === 'function') {
    addToSdk1(provider, processor);
    return true;
  }
  return false;
}

/**
 * SDK 1: the active processor is read from the provider at each span, and addSpanProcessor() replaces it.
 * @param {Provider} provider
 * @param {CaptureProcessor} processor
 */
function addToSdk1(provider, processor) {
  const compose = () => {
    const active = provider.activeSpanProcessor;
    if (active[COMPOSED]) return;
    provider.activeSpanProcessor = {
      [COMPOSED]: true,
      _spanProcessors: active._spanProcessors ?? [active],
      onStart(/** @type {any} */ span, /** @type {any} */ context) {
        active.onStart(span, context);
        processor.onStart(span);
      },
      onEnd(/** @type {any} */ span) {
        active.onEnd(span);
        processor.onEnd(span);
      },
      forceFlush: () => active.forceFlush(),
      shutdown: () => active.shutdown(),
    };
  };
  compose();
  const { addSpanProcessor } = provider;
  provider.addSpanProcessor = (/** @type {any} */ added) => {
    addSpanProcessor.call(provider, added);
    compose();
  };
}

module.exports = { addProcessor };
