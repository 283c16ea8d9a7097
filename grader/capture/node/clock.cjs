// @ts-check
'use strict';
/**
 * Sets the clock of this process wrong, as clocks of servers are: by the milliseconds in WORKSHOP_CLOCK_SKEW_MS.
 * Durations stay right, since performance.now() and process.hrtime() only measure.
 */

/** @param {number} skewMs */
function setClock(skewMs) {
  const { performance } = require('node:perf_hooks');
  const RealDate = Date;
  const realNow = Date.now;
  const now = () => realNow() + skewMs;

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
    value: performance.timeOrigin + skewMs,
  });
}

const skewMs = Number(process.env.WORKSHOP_CLOCK_SKEW_MS ?? 0);
const DONE = Symbol.for('workshop.clock');
if (Number.isFinite(skewMs) && skewMs !== 0 && !Object.hasOwn(globalThis, DONE)) {
  Object.defineProperty(globalThis, DONE, { value: skewMs });
  setClock(skewMs);
}
