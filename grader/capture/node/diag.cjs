// @ts-check
'use strict';
/**
 * What OpenTelemetry says about itself through its diagnostics logger, kept for messages to the learner.
 *
 * Without a logger of the learner OpenTelemetry's warnings go nowhere, and they hold the best evidence of a wrong
 * set-up: a second registration, a module loaded too early, an export that was refused.
 */

const MAX_MESSAGES = 100;
const MAX_LENGTH = 2000;

function createDiagWatch() {
  /** @type {string[]} */
  const messages = [];
  let duplicateRegistrations = 0;
  let hookedApis = 0;
  let settingLogger = false;

  /** @param {string} level @param {any[]} parts */
  function keep(level, parts) {
    try {
      const text = parts
        .map((part) => (part instanceof Error ? (part.stack ?? part.message) : String(part)))
        .join(' ');
      if (/duplicate registration of API: trace\b/.test(text)) duplicateRegistrations++;
      if (messages.length < MAX_MESSAGES) messages.push(`${level} ${text.slice(0, MAX_LENGTH)}`);
    } catch {
      // A part that cannot be turned into text says nothing.
    }
  }

  /** @type {WeakMap<object, any>} */
  const combined = new WeakMap();
  const NOBODY = {};

  /** A logger that keeps warnings and errors and hands everything on. @param {any} logger */
  function combine(logger) {
    const known = combined.get(logger ?? NOBODY);
    if (known) return known;
    const forward =
      (/** @type {string} */ level) =>
      (/** @type {any[]} */ ...parts) => {
        if (level === 'warn' || level === 'error') keep(level, parts);
        return logger?.[level]?.(...parts);
      };
    const both = {
      verbose: forward('verbose'),
      debug: forward('debug'),
      info: forward('info'),
      warn: forward('warn'),
      error: forward('error'),
    };
    combined.set(logger ?? NOBODY, both);
    return both;
  }

  return {
    messages,
    duplicateRegistrations: () => duplicateRegistrations,
    /**
     * What the API gets when it asks for its logger. setLogger() must not find one where the learner has none: it
     * would print that one is overwritten. That is known only for copies of the API whose file was hooked.
     * @param {any} logger the learner's logger, if any
     */
    loggerFor(logger) {
      if (settingLogger || (!logger && hookedApis === 0)) return logger;
      return combine(logger);
    },
    rules: [
      {
        request: /(?:^|[\\/])diag(?:\.c?js)?$/,
        file: /@opentelemetry[\\/]api[\\/](?:build[\\/]src|dist)[\\/]api[\\/]diag\.c?js$/,
        /** @param {any} exported */
        loaded(exported) {
          const api = exported.DiagAPI.instance();
          const { setLogger } = api;
          api.setLogger = (/** @type {any[]} */ ...args) => {
            settingLogger = true;
            try {
              return setLogger.apply(api, args);
            } finally {
              settingLogger = false;
            }
          };
          hookedApis++;
        },
      },
    ],
  };
}

/** @typedef {ReturnType<typeof createDiagWatch>} DiagWatch */

module.exports = { createDiagWatch };
