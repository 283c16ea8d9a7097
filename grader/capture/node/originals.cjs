// @ts-check
'use strict';
/**
 * What the capture uses of Node, as it was before the learner's program ran.
 *
 * A program may replace timers (fake clocks), and instrumentations patch sockets; the capture must work all the
 * same, and none of its own work may become a span.
 */
const fs = require('node:fs');
const Module = require('node:module');
const net = require('node:net');
const { AsyncResource } = require('node:async_hooks');

const { Socket, Server } = net;
const root = new AsyncResource('WorkshopCapture');

module.exports = {
  Socket,
  Server,
  connect: Socket.prototype.connect,
  listen: Server.prototype.listen,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  now: Date.now.bind(Date),
  exit: process.exit.bind(process),
  stringify: JSON.stringify,
  parse: JSON.parse,
  writeSync: fs.writeSync,
  /** Since Node 22.10. */
  flushCompileCache: Module.flushCompileCache ?? (() => {}),
  /**
   * Runs a function outside of every async context of the learner, so that no span is its parent and no request
   * is kept in memory by the capture's socket.
   * @template T
   * @param {() => T} work
   * @returns {T}
   */
  outsideOfEverything: (work) => root.runInAsyncScope(work),
};
