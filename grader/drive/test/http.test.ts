import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { sendRequest } from '../actions/http.ts';

test('an answer without end is cut off, and is no answer', { timeout: 20_000 }, async () => {
  const server = createServer((_, response) => {
    const chunk = Buffer.alloc(1024 ** 2, 'x');
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', more);
    more();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { record, body } = await sendRequest({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      id: 'one',
      label: 'feed',
      method: 'GET',
      path: '/feed',
      headers: {},
      userId: null,
      timeoutMs: 15_000,
    });
    assert.deepEqual([record.status, record.error, body], [null, 'the answer is longer than 8 MB', '']);
    assert.ok(record.durationMs < 10_000);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
