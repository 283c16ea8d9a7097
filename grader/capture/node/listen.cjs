// @ts-check
'use strict';
/** Watches servers of the process start listening, whatever the program prints or not. */
const { errorMonitor } = require('node:events');
const { Server, listen } = require('./originals.cjs');

/**
 * @param {(event: Record<string, unknown> & { t: string }) => void} report
 */
function watchListen(report) {
  /** @type {{ port: number, address: string }[]} */
  const listening = [];
  /** @type {{ port: number, code: string }[]} */
  const errors = [];
  const watched = new WeakSet();

  /** @param {import('node:net').Server} server */
  function watch(server) {
    if (watched.has(server)) return; // a server may try again on another port
    watched.add(server);
    server.on('listening', () => {
      const address = server.address();
      if (!address || typeof address !== 'object') return; // a pipe or Unix socket
      const place = { port: address.port, address: address.address };
      listening.push(place);
      server.once('close', () => {
        const index = listening.indexOf(place);
        if (index >= 0) listening.splice(index, 1);
      });
      report({ t: 'listening', ...place });
    });
    // The monitor sees the error and leaves it as unhandled as it was.
    server.on(errorMonitor, (/** @type {any} */ error) => {
      if (error?.syscall !== 'listen') return;
      const failure = { port: Number(error.port), code: String(error.code) };
      errors.push(failure);
      report({ t: 'listen-error', ...failure });
    });
  }

  const server = /** @type {any} */ (Server.prototype);
  /** @this {any} @param {any[]} args */
  server.listen = function (...args) {
    watch(this);
    return listen.apply(this, /** @type {any} */ (args));
  };

  return { listening, errors };
}

/** @typedef {ReturnType<typeof watchListen>} ListenWatch */

module.exports = { watchListen };
