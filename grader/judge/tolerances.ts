/**
 * How far two times may differ and still be taken for one, and how large a share may be missing. All are of one
 * machine that is busy with something else, too. Milliseconds, unless it is a share of one.
 */

/**
 * Two clocks of one machine: a process's and the driver's, or a span's end and its child's. Comparing strictly refuses
 * 68 to 80 % of right traces, since spans start in one and the same millisecond; 25 ms refused 0 of 4,000.
 */
export const CLOCK_MS = 25;

/** The browser's clock beside the driver's: its spans have whole milliseconds and end when the answer was read. */
export const BROWSER_CLOCK_MS = 50;

/** How long after the last answer a span of the page may end: 36 right ones took 2 ms, and a busy machine stops a page. */
export const JOURNEY_LATE_MS = 300;

/** What two times lose when each is cut to whole milliseconds. */
export const ROUNDING_MS = 2;

/** How far a network time may be from the truth: the task says so. On a busy machine right ones were 2 to 17 ms off. */
export const NETWORK_MS = 25;

/** Two ways to measure one time in the browser: they differ by 9 ms on a quiet machine. */
export const SAME_MEASUREMENT_MS = 15;

/** A header's duration beside that of the SERVER span: the two begin and end at slightly different places. */
export const SERVER_TIMING_MS = 25;
export const SERVER_TIMING_SHARE = 0.1;

/** The part of the work behind its last query that a span may leave out: a busy machine stops a process anywhere. */
export const UNCOVERED_SHARE = 0.5;

/** How long after the outbox was seen empty a CONSUMER span may end: right ones end before; a busy machine stops a process. */
export const DELIVERY_LATE_MS = 300;
