// @ts-check
'use strict';
/**
 * The capture inside a Node process of the learner.
 *
 * Loaded with `--require` before anything else, in every Node process below the start script. It only watches
 * until the process proves to be Murmur (a server listens, Nest is loaded, or a tracer provider appears); so npm,
 * tsc and nodemon stay silent. It prints nothing, keeps nothing alive and changes no exit code.
 *
 * CommonJS without a build step, because it runs before the learner's TypeScript hook and on Node 20 to 26.
 */

/**
 * @typedef {object} CaptureSettings
 * @property {string} host address of the control server
 * @property {number} port port of the control server
 * @property {string} token secret of this run; a hello without it is refused
 * @property {string} process what the grader calls this process: 'api', 'worker'
 * @property {boolean} [follow] tell each span as it ends: a process that a signal ends has no last words
 * @property {string} entry file that called start(), for NODE_OPTIONS of child processes
 * @property {string} shimDirectory folder with the `node` shim, for PATH of child processes
 */

const STARTED = Symbol.for('workshop.capture.started');

/** @param {CaptureSettings} settings */
function start(settings) {
  // NODE_OPTIONS and the shim both load this file; a worker thread loads it again.
  if (Object.hasOwn(globalThis, STARTED)) return;
  Object.defineProperty(globalThis, STARTED, { value: true });
  // The capture keeps the right time for itself, so what it uses of Node is taken first.
  require('./originals.cjs');
  require('./clock.cjs');
  if (!require('node:worker_threads').isMainThread) return;

  const { createControl } = require('./control.cjs');
  const { createRecorder } = require('./recorder.cjs');
  const { createProviderWatch } = require('./providers.cjs');
  const { createModuleWatch } = require('./modules.cjs');
  const { createDiagWatch } = require('./diag.cjs');
  const { watchListen } = require('./listen.cjs');
  const { createCommands } = require('./commands.cjs');
  const { watchChildren } = require('./children.cjs');
  const { watchRequests } = require('./requests.cjs');

  /** @type {ReturnType<typeof createControl>} */
  let control;
  const recorder = createRecorder();
  const diag = createDiagWatch();
  const listen = watchListen({ onListen: () => control.connect(), report: (event) => control.send(event) });
  const modules = createModuleWatch(() => control.connect());
  const providers = createProviderWatch(recorder, diag, () => control.connect());
  modules.onLoad(providers.rules);
  modules.onLoad(diag.rules);

  const commands = createCommands(settings, {
    recorder,
    providers,
    modules,
    diag,
    listen,
    requests: watchRequests(),
  });
  control = createControl(settings, commands);
  // In the same turn: what is in the socket by then arrives, whatever becomes of the process.
  if (settings.follow) recorder.follow((kept) => control.send({ t: 'spans', ...commands.toldSpan(kept) }));
  watchChildren(settings);
}

module.exports = { start };
