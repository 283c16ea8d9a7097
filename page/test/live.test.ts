import assert from 'node:assert/strict';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { freePort } from '@workshop/base';
import { startLab } from '@workshop/lab';
import { type Browsing, startBrowsing } from './support/browsing.ts';
import { traceMaker } from './support/made-spans.ts';

/** As dev tunnels do: Host and Origin are those of this machine, and an answer that does not end never arrives. */
function holdingBack(port: number): Promise<Server> {
  const server = createServer((incoming, response) => {
    const { url: path, method } = incoming;
    const origin = incoming.headers.origin && { origin: `http://localhost:${port}` };
    const headers = { ...incoming.headers, host: `localhost:${port}`, ...origin };
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        response.writeHead(answer.statusCode ?? 502, answer.headers).end(Buffer.concat(chunks)),
      );
    });
    response.once('close', () => outgoing.destroy());
    outgoing.once('error', () => response.destroy());
    incoming.pipe(outgoing);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('what happens is told', () => {
  let browsing: Browsing;
  let port: number;
  before(async () => {
    port = await freePort();
    browsing = await startBrowsing({ port });
    await browsing.send([traceMaker(Date.now()).span({ name: 'first', ms: 5 })]);
  });
  after(() => browsing.close());

  test('by asking, where a proxy holds the stream back', async () => {
    const proxy = await holdingBack(port);
    try {
      const page = await browsing.open('/traces');
      await page.goto(`http://localhost:${(proxy.address() as AddressInfo).port}/traces`);
      await page.getByText('Live').waitFor();
      await page.locator('lab-trace-row').first().waitFor();
      await browsing.send([traceMaker(Date.now()).span({ name: 'second', ms: 5 })]);
      await page.getByRole('button', { name: '1 new' }).waitFor();
      await page.context().close();
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
    browsing.complaints();
  });

  test('of a trace that is open, when more spans of it come', async () => {
    const { span } = traceMaker(Date.now());
    const root = span({ name: 'root', ms: 50 });
    await browsing.send([root]);
    const page = await browsing.open(`/trace/${root.traceId}`);
    await page.getByText('Live').waitFor();
    await page.locator('.row').first().waitFor();
    await browsing.send([span({ name: 'late', at: 10, ms: 5, parent: root })]);
    await page.getByRole('button', { name: 'More spans' }).click();
    await page.getByRole('row', { name: /^late/ }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'More spans' }).count(), 0);
    assert.deepEqual(browsing.complaints(), []);
    await page.context().close();
  });

  test('again by itself, when a lab that was stopped is back', async () => {
    const page = await browsing.open('/traces');
    await page.locator('lab-trace-row').first().waitFor();
    await browsing.lab.close();
    await page.getByText('Lab stopped').waitFor();
    const again = await startLab({ dir: browsing.dir, port, otlpPort: 0, page: true });
    try {
      await page.getByText('Live').waitFor();
      assert.ok((await page.locator('lab-trace-row').count()) > 0);
    } finally {
      await page.context().close();
      await again.close();
    }
  });
});
