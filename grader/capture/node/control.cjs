// @ts-check
'use strict';
/**
 * The connection to the grader: one line of JSON a message, over loopback TCP.
 *
 * TCP and not the IPC channel, which npm, run-s and nodemon swallow. It connects with Node's own connect(), taken
 * before an instrumentation patched it, or the learner would see spans of the capture.
 */
const {
  Socket,
  connect,
  exit,
  stringify,
  parse,
  writeSync,
  outsideOfEverything,
} = require('./originals.cjs');

/**
 * @param {import('./preload.cjs').CaptureSettings} settings
 * @param {import('./commands.cjs').Commands} commands
 */
function createControl(settings, commands) {
  /** @type {import('node:net').Socket | undefined} */
  let socket;
  let connected = false;
  let detached = false;
  /** What was said before the socket was connected. */
  let early = '';

  /** @param {unknown} message @returns {boolean} false: wait for the socket to drain */
  function write(message) {
    const line = `${stringify(message)}\n`;
    if (connected) return socket?.write(line) ?? true;
    early += line;
    return true;
  }

  /** Writes and waits while the grader is slower than we are. @param {unknown} message */
  const writeAndDrain = async (message) => {
    if (!write(message)) await new Promise((resolve) => socket?.once('drain', () => resolve(undefined)));
  };

  /** @param {string} line */
  async function receive(line) {
    const request = parse(line);
    if (request.command === 'detach') {
      detached = true;
      socket?.end();
      return;
    }
    try {
      const reply = await commands.answer(request, (part) =>
        writeAndDrain({ t: 'part', id: request.id, ...part }),
      );
      write({ t: 'reply', id: request.id, ...reply });
    } catch (error) {
      write({ t: 'reply', id: request.id, error: String(/** @type {any} */ (error)?.stack ?? error) });
    }
  }

  function open() {
    socket = new Socket();
    // @ts-expect-error the overloads of connect() are lost with .call
    connect.call(socket, { host: settings.host, port: settings.port });
    socket.setNoDelay(true);
    socket.unref();
    socket.setEncoding('utf8');
    socket.on('error', () => {});
    socket.on('connect', () => {
      connected = true;
      socket?.write(early);
      early = '';
    });
    socket.on('close', () => {
      // The grader is gone without a word: whatever it started must not stay behind.
      if (connected && !detached) exit(0);
    });
    let buffer = '';
    socket.on('data', (/** @type {any} */ chunk) => {
      buffer += chunk;
      for (let end = buffer.indexOf('\n'); end >= 0; end = buffer.indexOf('\n')) {
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 1);
        void receive(line);
      }
    });
    write({ t: 'hello', token: settings.token, ...commands.hello() });
    process.on('exit', sayGoodbye);
  }

  /** Last words, while the process exits and no callback runs any more. */
  /** @param {number} code */
  function sayGoodbye(code) {
    if (detached) return;
    try {
      const wasConnected = connected;
      write({ t: 'goodbye', code, ...commands.lastWords() });
      // A program that crashes at once ends before it hears that the socket is connected. The system has connected
      // it all the same (not so on Windows, where there is no descriptor), and nothing has been written yet.
      const descriptor = /** @type {any} */ (socket)?._handle?.fd;
      if (!wasConnected && descriptor > 0) writeSync(descriptor, early);
    } catch {
      // Then the grader knows what it knew before.
    }
  }

  function connectOnce() {
    if (!socket) outsideOfEverything(open);
  }

  return {
    connect: connectOnce,
    /** Reports an event, connecting first if need be. @param {unknown} message */
    send(message) {
      connectOnce();
      write(message);
    },
  };
}

module.exports = { createControl };
