// @ts-check
'use strict';
/** Answers what the grader asks of this process: its state, its spans, to settle, to flush, to keep what it compiled. */
const { copySpan, copyOpenSpan, copyAttributes } = require('./copy-span.cjs');
const { findExporters } = require('./exporters.cjs');
const { setClockSkew } = require('./clock.cjs');
const { exit, flushCompileCache, now, setTimeout } = require('./originals.cjs');
const { makeSpans } = require('./stranger.cjs');

/** Spans in one message: about 0.5 MB. */
const BATCH = 500;
/** The exit code by which shells tell of SIGTERM. */
const TERMINATED = 143;
/** Spans in the last message, written while the process exits. */
const LAST_SPANS = 1000;

/** @param {number} ms @returns {Promise<void>} */
const pause = (ms) =>
  new Promise((resolve) => {
    // Not unref(): nothing of Node's timers may be taken for granted once the learner has replaced them.
    const timer = setTimeout(resolve, ms);
    /** @type {any} */ (timer).unref?.();
  });

/**
 * @param {import('./preload.cjs').CaptureSettings} settings
 * @param {object} watches
 * @param {import('./recorder.cjs').Recorder} watches.recorder
 * @param {import('./providers.cjs').ProviderWatch} watches.providers
 * @param {import('./modules.cjs').ModuleWatch} watches.modules
 * @param {import('./diag.cjs').DiagWatch} watches.diag
 * @param {import('./listen.cjs').ListenWatch} watches.listen
 * @param {import('./requests.cjs').RequestWatch} watches.requests
 */
function createCommands(settings, { recorder, providers, modules, diag, listen, requests }) {
  let collectedSeq = 0;

  function state() {
    const { counts } = recorder;
    const warnings = [...providers.warnings, ...modules.warnings];
    if (counts.dropped > 0)
      warnings.push(`${counts.dropped} spans beyond the limit were counted but not kept`);
    const packages = modules.packagesLoaded(recorder.ownFiles);
    return {
      pid: process.pid,
      process: settings.process,
      argv: process.argv,
      attached: providers.attached(),
      apiLoaded: packages.some((name) => name.startsWith('@opentelemetry/api@')) || providers.apiLoaded(),
      sdkPackagesLoaded: packages,
      instrumentations: modules.instrumentations(),
      exporters: providers.providers().flatMap(findExporters),
      spansStarted: counts.started,
      spansEnded: counts.ended,
      spansDropped: counts.dropped,
      notSampled: counts.notSampled,
      setAfterEnd: recorder.setAfterEnd,
      duplicateRegistrations: diag.duplicateRegistrations(),
      listening: listen.listening,
      listenErrors: listen.errors,
      nestLoaded: modules.nestLoaded(),
      warnings,
      diagMessages: diag.messages,
    };
  }

  /**
   * A message with spans; each different resource is in it once, since a process has one and it is long.
   * @param {import('./recorder.cjs').KeptSpan[]} kept
   * @param {(resource: any) => any} attributesOf
   */
  function packSpans(kept, attributesOf = (resource) => resource?.attributes) {
    /** @type {Map<any, number>} */
    const places = new Map();
    /** @type {unknown[]} */
    const resources = [];
    const spans = kept.map(({ seq, span }) => {
      let resource = places.get(span.resource);
      if (resource === undefined) {
        resource = resources.push(copyAttributes(attributesOf(span.resource))) - 1;
        places.set(span.resource, resource);
      }
      return { ...copySpan(span), resource, seq };
    });
    return { resources, spans };
  }

  /**
   * Asked for while some are on their way, attributes of a resource complain to the learner's diagnostics. Those that
   * are there, such as the service's name, can be had without; of two values of a key the first counts.
   * @param {any} resource
   */
  function attributesSoFar(resource) {
    if (!resource?.asyncAttributesPending) return resource?.attributes;
    /** @type {[string, any][]} */
    const given = resource.getRawAttributes?.() ?? [];
    return Object.fromEntries(
      given.filter(([, value]) => value != null && typeof value.then !== 'function').toReversed(),
    );
  }

  /** Host and process attributes of a resource may still be on their way. @param {import('./recorder.cjs').KeptSpan[]} kept */
  async function waitForResources(kept) {
    const pending = new Set(
      kept.map(({ span }) => span.resource).filter((resource) => resource?.asyncAttributesPending),
    );
    const all = Promise.allSettled([...pending].map((resource) => resource.waitForAsyncAttributes?.()));
    if (pending.size > 0) await Promise.race([all, pause(500)]);
  }

  /** @type {Record<string, (request: any, sendPart: (part: object) => Promise<void>) => Promise<object>>} */
  const answers = {
    state: async () => ({ state: state() }),

    async collect({ sinceSeq }, sendPart) {
      const kept = recorder.endedSince(sinceSeq);
      await waitForResources(kept);
      for (let at = 0; at < kept.length; at += BATCH) await sendPart(packSpans(kept.slice(at, at + BATCH)));
      collectedSeq = Math.max(collectedSeq, kept.at(-1)?.seq ?? 0);
      return { unended: recorder.open().map(copyOpenSpan), lastSeq: kept.at(-1)?.seq ?? sinceSeq };
    },

    async settle({ quietMs, maxMs }) {
      const isSettled = () => recorder.openCount() === 0 && recorder.quietForMs() >= quietMs;
      const start = now();
      while (!isSettled() && now() - start < maxMs) {
        const left = recorder.openCount() > 0 ? 2 : quietMs - recorder.quietForMs();
        await pause(Math.max(1, left));
      }
      return { settled: isSettled(), open: recorder.openCount() };
    },

    requests: async ({ sinceSeq }) => ({ requests: requests.since(sinceSeq) }),

    async 'set-clock'({ skewMs }) {
      setClockSkew(skewMs);
      return {};
    },

    'make-spans': async ({ spans }) => ({ made: makeSpans(providers.registered(), spans) }),

    async 'keep-code'() {
      flushCompileCache();
      return {};
    },

    // For Windows, which has no signal that asks: what listens to it is told. Nothing of this was tried there.
    async terminate() {
      setTimeout(() => {
        if (!process.emit('SIGTERM', 'SIGTERM')) exit(TERMINATED);
      }, 0);
      return {};
    },

    async flush({ maxMs }) {
      const flushes = providers.providers().map(async (provider) => provider.forceFlush());
      await Promise.race([Promise.allSettled(flushes), pause(maxMs)]);
      return {};
    },
  };

  return {
    hello: () => ({ process: settings.process, pid: process.pid, ppid: process.ppid, argv: process.argv }),
    /**
     * @param {any} request
     * @param {(part: object) => Promise<void>} sendPart
     */
    async answer(request, sendPart) {
      const answer = answers[request.command];
      if (!answer) throw new Error(`unknown command ${request.command}`);
      return answer(request, sendPart);
    },
    /** A span that is told at once. @param {import('./recorder.cjs').KeptSpan} kept */
    toldSpan(kept) {
      collectedSeq = kept.seq;
      return packSpans([kept], attributesSoFar);
    },
    lastWords() {
      const kept = recorder.endedSince(collectedSeq);
      const last = packSpans(kept.slice(0, LAST_SPANS));
      return { state: state(), ...last, unended: recorder.open().map(copyOpenSpan) };
    },
  };
}

/** @typedef {ReturnType<typeof createCommands>} Commands */

module.exports = { createCommands };
