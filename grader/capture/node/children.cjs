// @ts-check
'use strict';
/**
 * Keeps the capture in the processes that this one starts.
 *
 * npm puts node_modules/.bin, which has a `node`, before the grader's shim in PATH; and tools like cross-env set
 * NODE_OPTIONS anew. So PATH and NODE_OPTIONS are put right in what is handed to a child. Nothing else is touched.
 */
const { ChildProcess } = require('node:child_process');
const path = require('node:path');

/**
 * @param {string[]} pairs NAME=value, as Node hands them to the system
 * @param {{ entry: string, shimDirectory: string }} settings
 * @returns {string[]}
 */
function withCapture(pairs, { entry, shimDirectory }) {
  const required = `--require ${JSON.stringify(entry)}`;
  let hasOptions = false;
  const result = pairs.map((pair) => {
    const [name = '', value = ''] = splitPair(pair);
    if (name.toUpperCase() === 'PATH') {
      const rest = value.split(path.delimiter).filter((folder) => folder !== shimDirectory);
      return `${name}=${[shimDirectory, ...rest].join(path.delimiter)}`;
    }
    if (name === 'NODE_OPTIONS') {
      hasOptions = true;
      return value.startsWith(required) ? pair : `${name}=${required} ${value}`;
    }
    return pair;
  });
  if (!hasOptions) result.push(`NODE_OPTIONS=${required}`);
  return result;
}

/** @param {string} pair @returns {[string, string]} */
function splitPair(pair) {
  const at = pair.indexOf('=', 1); // Windows has names that begin with =
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

/** @param {import('./preload.cjs').CaptureSettings} settings */
function watchChildren(settings) {
  const prototype = /** @type {any} */ (ChildProcess.prototype);
  const { spawn } = prototype;
  /** @this {any} @param {any} options */
  prototype.spawn = function (options) {
    try {
      if (Array.isArray(options?.envPairs)) options.envPairs = withCapture(options.envPairs, settings);
    } catch {
      // The child then runs without the capture, which the grader notices.
    }
    return spawn.call(this, options);
  };
}

module.exports = { watchChildren, withCapture };
