/** The control server that captured processes connect to. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { parseWithNumbers } from '../evidence/index.ts';
import { type Hello, ProcessConnection, type ProcessMessage } from './connection.ts';
import { LineSplitter } from './lines.ts';
import { ShimFolder, withShims } from './shims.ts';
import type { CaptureEvents, CaptureServer } from './types.ts';

const HOST = '127.0.0.1';
/** 500 spans with long attributes fit; before its hello a peer gets far less. */
const MAX_LINE = 256 * 1024 * 1024;
const MAX_HELLO = 1024 * 1024;

type HelloMessage = { t: 'hello'; token: string } & Hello;
type EventMessage =
  | { t: 'listening'; port: number; address: string }
  | { t: 'listen-error'; port: number; code: string };

/**
 * Starts a control server on loopback, with a token of its own.
 * @param options.node the Node that the shim runs; default: the one that runs this
 */
export async function startCaptureServer(options: { node?: string } = {}): Promise<CaptureServer> {
  const server = createServer();
  server.listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const token = randomBytes(24).toString('base64url');
  const shims = new ShimFolder({ host: HOST, port, token }, options.node ?? process.execPath);
  const events = new EventEmitter<CaptureEvents>();
  const connections = new Set<ProcessConnection>();
  const ended: ProcessConnection[] = [];
  const sockets = new Set<Socket>();

  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    accept(socket, token, {
      onHello(connection) {
        connections.add(connection);
        events.emit('hello', connection);
      },
      onEvent(connection, { t, ...detail }) {
        events.emit(t, connection, detail as never);
      },
      onEnd(connection) {
        connections.delete(connection);
        ended.push(connection);
        events.emit('close', connection);
      },
    });
  });

  return {
    environment: (name, base, { follow } = {}) => withShims(base, shims.forProcess(name, follow)),
    processes: () => [...connections],
    ended: () => [...ended],
    on: (event, listener) => void events.on(event, listener as never),
    off: (event, listener) => void events.off(event, listener as never),
    async close() {
      for (const connection of connections) connection.detach();
      await closeAll(server, sockets);
      shims.remove();
    },
  };
}

interface Handlers {
  onHello(connection: ProcessConnection): void;
  onEvent(connection: ProcessConnection, message: EventMessage): void;
  onEnd(connection: ProcessConnection): void;
}

/**
 * Serves one socket: first a hello with the right token, then the process's messages. The hello may be long in
 * coming, or in being read: the system connects at once, but a program that still loads says nothing, and a grader
 * that unpacks a database or a browser does not listen. A program that is hung up on ends, as if it had wanted to.
 * How long a start may take is limited elsewhere.
 */
function accept(socket: Socket, token: string, handlers: Handlers): void {
  let connection: ProcessConnection | undefined;
  const lines = new LineSplitter(MAX_HELLO);
  socket.setNoDelay(true);
  socket.setEncoding('utf8');
  socket.on('error', () => {}); // 'close' follows
  socket.on('close', () => {
    if (!connection) return;
    connection.end();
    handlers.onEnd(connection);
  });

  const receive = (line: string) => {
    const message = parseWithNumbers(line) as HelloMessage | EventMessage | ProcessMessage;
    if (!connection) {
      if (message.t !== 'hello' || !sameToken(message.token, token))
        throw new Error('a hello without the token');
      lines.maxLength = MAX_LINE;
      connection = new ProcessConnection(socket, message);
      handlers.onHello(connection);
    } else if (message.t === 'listening' || message.t === 'listen-error')
      handlers.onEvent(connection, message);
    else if (message.t !== 'hello') connection.receive(message);
  };

  socket.on('data', (chunk: string) => {
    try {
      for (const line of lines.push(chunk)) receive(line);
    } catch {
      // Not the capture, or it was tampered with.
      socket.destroy();
    }
  });
}

function sameToken(given: unknown, token: string): boolean {
  if (typeof given !== 'string') return false;
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Ends the server once its sockets have closed; those that do not are destroyed. */
async function closeAll(server: Server, sockets: Set<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const impatience = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, 1_000);
  await closed;
  clearTimeout(impatience);
}
