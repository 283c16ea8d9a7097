// @ts-check
'use strict';
/** Counts the spans that a provider's sampler refuses: no span processor ever sees them. */

const COUNTED = Symbol('workshop.capture.counted');
const RECORD_AND_SAMPLED = 2;

/**
 * @param {any} provider
 * @param {() => void} onRefusal
 * @returns {boolean} false: the sampler is frozen, so nothing is counted
 */
function countRefusals(provider, onRefusal) {
  const sampler = provider._tracerOptions?.sampler ?? provider._config?.sampler;
  if (typeof sampler?.shouldSample !== 'function' || Object.hasOwn(sampler, COUNTED)) return true;
  const { shouldSample } = sampler;
  /** @this {any} @param {any[]} args */
  const counting = function (...args) {
    const result = shouldSample.apply(this, args);
    if (result?.decision !== RECORD_AND_SAMPLED) onRefusal();
    return result;
  };
  try {
    Object.defineProperty(sampler, COUNTED, { value: true });
    Object.defineProperty(sampler, 'shouldSample', { value: counting, configurable: true, writable: true });
    return true;
  } catch {
    return false;
  }
}

module.exports = { countRefusals };
