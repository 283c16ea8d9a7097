import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  type CaptureConnection,
  type CaptureServer,
  type ServedRequest,
  startCaptureServer,
} from '../index.ts';
import { FIXTURES, type Program, startProgram } from './support/program.ts';

describe('requests that the process served', () => {
  let server: CaptureServer;
  let program: Program;
  let connection: CaptureConnection;
  let url: string;
  before(async () => {
    server = await startCaptureServer();
    program = startProgram(server, 'node app.cjs', {
      cwd: path.join(FIXTURES, 'scripts'),
      env: { WORKSHOP_CLOCK_SKEW_MS: '7000' },
    });
    ({ connection, url } = await program.listening());
  });
  after(async () => {
    await program.stop();
    await server.close();
  });

  /** The headers of an answer are known once its last byte is out, a moment after it was read. */
  async function answered(since: number, count: number): Promise<ServedRequest[]> {
    for (let attempt = 0; attempt < 500; attempt++) {
      const requests = await connection.requests(since);
      if (requests.filter(({ status }) => status !== null).length >= count) return requests;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return connection.requests(since);
  }

  test('tell what arrived and what was answered, on the right clock', async () => {
    const began = Date.now();
    await fetch(`${url}/everything?x=1`, {
      headers: {
        origin: 'http://localhost:4200',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        baggage: 'murmur.ui.variant=B',
        authorization: 'Bearer secret-session',
      },
    });
    const [request, ...more] = await answered(0, 1);
    assert.deepEqual(more, []);
    assert.equal(request?.method, 'GET');
    assert.equal(request?.path, '/everything?x=1');
    assert.equal(request?.status, 200);
    assert.equal(request?.origin, 'http://localhost:4200');
    assert.equal(request?.traceparent, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
    assert.equal(request?.baggage, 'murmur.ui.variant=B');
    assert.ok((request?.durationMs ?? -1) >= 0);
    assert.ok(Math.abs((request?.atMs ?? 0) - began) < 5_000, 'the process has a clock that is 7 s ahead');
  });

  test('leave the session out', async () => {
    const text = JSON.stringify(await connection.requests(0));
    assert.match(text, /Bearer \(left out\)/);
    assert.ok(!text.includes('secret-session'));
  });

  test('come after the one that was asked for', async () => {
    await fetch(`${url}/everything`, { method: 'OPTIONS' });
    const requests = await answered(1, 1);
    assert.deepEqual(
      requests.map(({ seq, method }) => ({ seq, method })),
      [{ seq: 2, method: 'OPTIONS' }],
    );
    assert.deepEqual(await connection.requests(2), []);
  });
});
