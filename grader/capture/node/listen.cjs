// @ts-check
'use strict';
/** Watches servers of the process start listening, whatever the program prints or not. */
const { errorMonitor } = require('node:events');
const { Server, listen } = require('./originals.cjs');

/**
 * @param {object} options
 * @param {() => void} options.onListen called before a server tries to listen on a port
 * @param {(event: Record<string, unknown> & { t: string }) => void} options.report
 */
function watchListen({ onListen, report }) {
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
    // At once: if the port is in use, a program may crash before the next turn of the event loop.
    if (isForPort(args[0])) onListen();
    return listen.apply(this, /** @type {any} */ (args));
  };

  return { listening, errors };
}

/** Not a pipe or Unix socket, by which tools talk to their own children. @param {any} where */
function isForPort(where) {
  if (where && typeof where === 'object') return where.path === undefined;
  return typeof where !== 'string' || /^\d+$/.test(where);
}

/** @typedef {ReturnType<typeof watchListen>} ListenWatch */

module.exports = { watchListen };
