// @ts-check
'use strict';
/**
 * Sets the clock of this process wrong, as clocks of servers are: by the milliseconds in WORKSHOP_CLOCK_SKEW_MS, and
 * later by those that the grader asks for. With the variable at 0 the clock is right until then.
 * Durations stay right, since performance.now() and process.hrtime() only measure.
 */

/** The clock of this process, also where this file is loaded twice. */
const CLOCK = Symbol.for('workshop.clock');

/** @typedef {{ skewMs: number }} Clock */

/** @param {Clock} clock */
function install(clock) {
  const { performance } = require('node:perf_hooks');
  const RealDate = Date;
  const realNow = Date.now;
  const realOrigin = performance.timeOrigin;
  const now = () => realNow() + clock.skewMs;

  /** @type {DateConstructor} */
  const SkewedDate = new Proxy(RealDate, {
    /** @returns {Date} */
    construct: (target, args, newTarget) =>
      Reflect.construct(
        target,
        args.length > 0 ? args : [now()],
        newTarget === SkewedDate ? target : newTarget,
      ),
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.now = now;
  RealDate.prototype.constructor = SkewedDate;
  globalThis.Date = SkewedDate;
  // OpenTelemetry reckons the time of day from it.
  Object.defineProperty(performance, 'timeOrigin', {
    configurable: true,
    enumerable: true,
    get: () => realOrigin + clock.skewMs,
  });
}

/** @returns {Clock | undefined} */
const installed = () => /** @type {any} */ (globalThis)[CLOCK];

/**
 * Sets the clock wrong by so much from now on.
 * @param {number} skewMs
 */
function setClockSkew(skewMs) {
  const clock = installed();
  if (!clock) throw new Error('the clock cannot be set: WORKSHOP_CLOCK_SKEW_MS was not there at the start');
  clock.skewMs = skewMs;
}

const asked = process.env.WORKSHOP_CLOCK_SKEW_MS;
const skewMs = asked ? Number(asked) : Number.NaN;
if (Number.isFinite(skewMs) && !installed()) {
  const clock = { skewMs };
  Object.defineProperty(globalThis, CLOCK, { value: clock });
  install(clock);
}

module.exports = { setClockSkew };
