import assert from 'node:assert/strict';
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { freePort } from '@workshop/base';
import { startLab } from '@workshop/lab';
import { type Browsing, startBrowsing } from './support/browsing.ts';
import { looksRight } from './support/looks-right.ts';
import { traceMaker } from './support/made-spans.ts';

/** A stream that broke is tried again within twelve seconds. */
const PATIENCE_MS = 30_000;

/** Host and Origin as the lab knows them. */
function ownHeaders({ headers }: IncomingMessage, port: number): OutgoingHttpHeaders {
  const origin = headers.origin && { origin: `http://localhost:${port}` };
  return { ...headers, host: `localhost:${port}`, ...origin };
}

/** As dev tunnels do: Host and Origin are those of this machine, and an answer that does not end never arrives. */
function holdingBack(port: number): Promise<Server> {
  const server = createServer((incoming, response) => {
    const { url: path, method } = incoming;
    const headers = ownHeaders(incoming, port);
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

/** A way to the lab on which the event stream can be cut; everything else passes. */
async function cuttingStreams(
  port: number,
): Promise<{ server: Server; url: string; cut(on: boolean): void }> {
  const streams = new Set<ServerResponse>();
  let isCut = false;
  const server = createServer((incoming, response) => {
    const { url: path, method } = incoming;
    const isStream = path === '/api/events';
    if (isStream && isCut) return void response.destroy();
    if (isStream) streams.add(response);
    const outgoing = request(
      { host: '127.0.0.1', port, path, method, headers: ownHeaders(incoming, port) },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    response.once('close', () => outgoing.destroy());
    outgoing.once('error', () => response.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    server,
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    cut(on) {
      isCut = on;
      for (const response of streams) if (on) response.destroy();
      if (on) streams.clear();
    },
  };
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

  test('by asking, when the stream breaks; and it is said when the stream is back', async () => {
    const way = await cuttingStreams(port);
    try {
      const page = await browsing.open('/traces');
      await page.goto(`${way.url}/traces`);
      await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
      await page.locator('lab-trace-row').first().waitFor();
      way.cut(true);
      await page.getByText('Stream lost: asking instead').waitFor();
      // With the first answer the list is read anew; what comes after the second is told by asking alone.
      await page.waitForResponse((answer) => answer.url().includes('/api/events/since?id='));
      await browsing.send([traceMaker(Date.now()).span({ name: 'while it is lost', ms: 5 })]);
      await page.getByRole('button', { name: /^\d+ new$/ }).waitFor();
      await looksRight(page, 'stream-lost');
      await page.setViewportSize({ width: 360, height: 740 });
      await looksRight(page, 'stream-lost');
      await page.setViewportSize({ width: 1280, height: 800 });
      way.cut(false);
      await page.getByText('Live again').waitFor({ timeout: PATIENCE_MS });
      await page.getByRole('status').getByText('Live', { exact: true }).waitFor({ timeout: PATIENCE_MS });
      await browsing.send([traceMaker(Date.now()).span({ name: 'by the stream again', ms: 5 })]);
      await page.getByRole('button', { name: /^\d+ new$/ }).click();
      await page.locator('lab-trace-row').getByText('by the stream again').waitFor();
      await page.context().close();
    } finally {
      way.server.closeAllConnections();
      way.server.close();
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
