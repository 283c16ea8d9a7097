import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { accepts, freePort, isFree } from '../index.ts';

test('a port that was free is free, and nobody answers there', async () => {
  const port = await freePort();
  assert.equal(await isFree(port), true);
  assert.equal(await accepts(port), false);
});

for (const host of ['127.0.0.1', undefined]) {
  test(`a port that is used on ${host ?? 'all addresses'} is not free, and answers`, async (t) => {
    const server = createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => server.listen({ port: 0, ...(host && { host }) }, resolve));
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    assert.equal(await isFree(port), false);
    assert.equal(await accepts(port), true);
  });
}
