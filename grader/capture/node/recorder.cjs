// @ts-check
'use strict';
/**
 * The span processor that the capture adds to every tracer provider, and what it keeps.
 *
 * Spans that ended rest in OpenTelemetry's own InMemorySpanExporter. It is loaded when spans are first moved into
 * it, never at boot: loading it earlier would slow the learner's start and load packages before the learner does.
 */
const { now } = require('./originals.cjs');

/** Spans kept in one process; the rest is counted. */
const MAX_SPANS = 50_000;
const MAX_OPEN = 50_000;
const MAX_SET_AFTER_END = 200;
/** Calls that change a span, and what the first argument of each says that it sets. @type {Record<string, (first: any) => string>} */
const CALLS = {
  setAttribute: String,
  addEvent: String,
  updateName: String,
  setStatus: (status) => ['UNSET', 'OK', 'ERROR'][status?.code] ?? '',
  addLink: (link) => String(link?.context?.spanId ?? ''),
};
/** Ended spans wait in an array until there are so many, or until they are collected. */
const MOVE_AT = 1000;

/** @typedef {any} SdkSpan */
/** @typedef {{ seq: number, span: SdkSpan }} KeptSpan */

/**
 * An ended span as it was when it ended. A processor or exporter that runs later may still change the original
 * (redaction in an exporter does), and what is captured must not depend on when it is collected.
 * @param {SdkSpan} span
 */
function freezeInTime(span) {
  const context = span.spanContext();
  return {
    spanContext: () => context,
    name: span.name,
    kind: span.kind,
    parentSpanContext: span.parentSpanContext,
    parentSpanId: span.parentSpanId,
    startTime: span.startTime,
    endTime: span.endTime,
    duration: span.duration,
    status: span.status,
    attributes: { ...span.attributes },
    events: span.events,
    links: span.links,
    resource: span.resource,
    instrumentationScope: span.instrumentationScope ?? span.instrumentationLibrary,
  };
}

function createRecorder() {
  const counts = { started: 0, ended: 0, notSampled: 0, dropped: 0 };
  /** @type {Set<SdkSpan>} */
  const open = new Set();
  /** @type {{ spanId: string, key: string, call?: string }[]} */
  const setAfterEnd = [];
  /** @type {KeptSpan[]} */
  let waiting = [];
  let lastSeq = 0;
  let lastChangeMs = now();
  const watchedPrototypes = new WeakSet();
  /** @type {{ export(spans: unknown[], done: () => void): void, getFinishedSpans(): unknown[] } | undefined} */
  let exporter;
  /** Told of each span as it ends, once somebody follows. @type {((kept: KeptSpan) => void) | undefined} */
  let follower;
  /** Files that only the capture loaded: they say nothing about the learner. @type {Set<string>} */
  const ownFiles = new Set();

  function loadExporter() {
    const before = new Set(Object.keys(require.cache));
    const { InMemorySpanExporter } = require('@opentelemetry/sdk-trace-base');
    for (const file of Object.keys(require.cache)) if (!before.has(file)) ownFiles.add(file);
    return new InMemorySpanExporter();
  }

  function moveToExporter() {
    exporter ??= loadExporter();
    exporter?.export(waiting, () => {});
    waiting = [];
  }

  /**
   * Notices calls on a span that has ended, also those of a processor's onEnd. The SDK ignores them, and only warns
   * through its logger, without saying what was set.
   * @param {SdkSpan} span
   */
  function watchCalls(span) {
    const prototype = Object.getPrototypeOf(span);
    if (!prototype || watchedPrototypes.has(prototype)) return;
    watchedPrototypes.add(prototype);
    for (const [call, whatItSets] of Object.entries(CALLS)) {
      const original = prototype[call];
      if (typeof original !== 'function') continue;
      /** @this {SdkSpan} @param {any[]} args */
      prototype[call] = function (...args) {
        if (this.ended && setAfterEnd.length < MAX_SET_AFTER_END) {
          const found = { spanId: this.spanContext().spanId, key: whatItSets(args[0]) };
          setAfterEnd.push(call === 'setAttribute' ? found : { ...found, call });
        }
        return original.apply(this, args);
      };
    }
  }

  /** @param {KeptSpan} kept */
  function tellFollower(kept) {
    try {
      follower?.(kept);
    } catch {
      // It is kept all the same, and the learner's program must not feel it.
    }
  }

  // The name shows when a learner prints a provider.
  class CaptureSpanProcessor {
    /** @param {SdkSpan} span */
    onStart(span) {
      counts.started++;
      lastChangeMs = now();
      if (open.size < MAX_OPEN) open.add(span);
      watchCalls(span);
    }
    /** @param {SdkSpan} span */
    onEnd(span) {
      counts.ended++;
      lastChangeMs = now();
      open.delete(span);
      if (!(span.spanContext().traceFlags & 1)) return;
      if (lastSeq >= MAX_SPANS) {
        counts.dropped++;
        return;
      }
      const kept = { seq: ++lastSeq, span: freezeInTime(span) };
      waiting.push(kept);
      tellFollower(kept);
      if (waiting.length >= MOVE_AT) moveToExporter();
    }
    forceFlush() {
      return Promise.resolve();
    }
    // The spans outlive the learner's shutdown: they are collected after it.
    shutdown() {
      return Promise.resolve();
    }
  }

  return {
    processor: new CaptureSpanProcessor(),
    counts,
    setAfterEnd,
    ownFiles,
    open: () => [...open],
    openCount: () => open.size,
    quietForMs: () => now() - lastChangeMs,
    lastSeq: () => lastSeq,
    notSampled() {
      counts.notSampled++;
    },
    /** @param {(kept: KeptSpan) => void} tell */
    follow(tell) {
      follower = tell;
    },
    /**
     * Spans that ended after the given sequence number, oldest first.
     * @param {number} sinceSeq
     * @returns {KeptSpan[]}
     */
    endedSince(sinceSeq) {
      if (waiting.length > 0) moveToExporter();
      const kept = /** @type {KeptSpan[]} */ (exporter?.getFinishedSpans() ?? []);
      return kept.slice(Math.max(0, sinceSeq)); // the n-th span kept has the number n
    },
  };
}

/** @typedef {ReturnType<typeof createRecorder>} Recorder */

module.exports = { createRecorder, MAX_SPANS };
