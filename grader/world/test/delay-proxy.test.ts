import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { until } from '@workshop/base';
import { type DelayProxy, startDelayProxy } from '../index.ts';

let echo: Server;
let targetPort: number;
const proxies: DelayProxy[] = [];

before(async () => {
  echo = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => socket.pipe(socket));
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  targetPort = (echo.address() as AddressInfo).port;
});
after(async () => {
  await Promise.all(proxies.map((proxy) => proxy.close()));
  echo.close();
});

async function open(
  options: Partial<Parameters<typeof startDelayProxy>[0]> = {},
): Promise<{ proxy: DelayProxy; socket: Socket }> {
  const proxy = await startDelayProxy({ targetPort, ...options });
  proxies.push(proxy);
  const socket = connect({ port: proxy.port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return { proxy, socket };
}

async function roundTrips(socket: Socket, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const began = performance.now();
    socket.write('x');
    await once(socket, 'data');
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b);
}

test('adds its delay to each way, never less, and half of the time hardly more', async () => {
  const { socket } = await open({ delayMs: 20 });
  const times = await roundTrips(socket, 11);
  assert.ok((times[0] ?? 0) >= 40, `${times}`);
  assert.ok((times[5] ?? 0) < 60, `${times}`);
  socket.destroy();
});

test('is exact enough for a database that is 3 ms away', async () => {
  const { socket } = await open({ delayMs: 1.5 });
  const times = await roundTrips(socket, 41);
  assert.ok((times[0] ?? 0) >= 3, `${times}`);
  // A timer of whole milliseconds would make 4 to 5 of it; a busy machine must not fail the test.
  assert.ok((times[10] ?? 0) < 8, `${times}`);
  socket.destroy();
});

test('without delay it passes on at once', async () => {
  const { socket } = await open();
  const times = await roundTrips(socket, 21);
  assert.ok((times[10] ?? 0) < 10, `${times}`);
  socket.destroy();
});

test('keeps the order of all bytes while the delay changes, and ends after the last of them', async () => {
  const { proxy, socket } = await open({ delayMs: 30 });
  let sent = '';
  let received = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    received += chunk;
  });
  for (let n = 0; n < 400; n++) {
    const chunk = `${n},`.repeat(20);
    sent += chunk;
    socket.write(chunk);
    if (n % 50 === 0) proxy.setDelay(n % 100 === 0 ? 0 : 25);
    if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  socket.end();
  await once(socket, 'close');
  assert.equal(received, sent);
});

test('lets the first bytes of a slow answer through, and the last ones no earlier than at its rate', async () => {
  const { proxy, socket } = await open();
  proxy.setAnswerRate(2);
  const arrived: number[] = [];
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
    arrived.push(performance.now());
  });
  const sentAt = performance.now();
  socket.write(Buffer.alloc(1024));
  assert.ok(await until(() => bytes === 1024));
  const [first = 0] = arrived;
  const last = arrived.at(-1) ?? 0;
  assert.ok(first < last);
  // The first 256 pass at once.
  assert.ok(last - sentAt >= 383, `${last - sentAt} ms for 768 bytes at 2 bytes a millisecond`);
  socket.destroy();
});

test('breaks the connections that are open, and takes new ones', async () => {
  const { proxy, socket } = await open();
  await roundTrips(socket, 1);
  const closed = once(socket, 'close');
  proxy.breakConnections();
  await closed;
  const next = connect({ port: proxy.port, host: '127.0.0.1', noDelay: true });
  assert.equal((await roundTrips(next, 1)).length, 1);
  next.destroy();
});

test('carries more than it may hold', async () => {
  const { socket } = await open({ delayMs: 5 });
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  socket.end(Buffer.alloc(24 * 1024 * 1024, 1));
  await once(socket, 'close');
  assert.equal(bytes, 24 * 1024 * 1024);
});

test('counts the connections that it took', async () => {
  const { proxy, socket } = await open();
  await roundTrips(socket, 1);
  socket.destroy();
  assert.equal(proxy.accepted, 1);
});

test('holds early connections until it knows its target', async () => {
  let say: (target: { host: string; port: number }) => void = () => {};
  const ready = new Promise<{ host: string; port: number }>((resolve) => {
    say = resolve;
  });
  const { proxy, socket } = await open({ targetPort: undefined, ready });
  const answer = roundTrips(socket, 1);
  assert.ok(await until(() => proxy.accepted === 1));
  say({ host: '127.0.0.1', port: targetPort });
  assert.equal((await answer).length, 1);
  socket.destroy();
});

test('closes them when there will be none', async () => {
  const { socket } = await open({ targetPort: undefined, ready: Promise.reject(new Error('no database')) });
  socket.on('error', () => {});
  await once(socket, 'close');
  assert.equal(socket.bytesRead, 0);
});
