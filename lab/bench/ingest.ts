import { type ChildProcess, spawn } from 'node:child_process';
import http from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { freePort } from '@workshop/base';
import { encodeTraceRequest, type Span } from '@workshop/telemetry';
import { Database, type RowBatch, RowBatchBuilder } from '../store/index.ts';
import { startLabProcess, untilAnswers } from '../test/lab-process.ts';
import { openAppender } from './library-appender.ts';
import { benchSpans } from './spans.ts';

export interface IngestFigures {
  /** spans a second */
  lab: number;
  peer: number | null;
  /** DuckDB's appender as its library offers it, value by value */
  appender: number;
  /** the store's own writer, without the way from the socket to it */
  writer: number;
}

const SPANS_A_BODY = 512;
const CONNECTIONS = 8;
/** What writes alone gets what a group commit would. */
const ROWS_A_FLUSH = 20_000;

/** Spans a second of the lab, of the peer with the same bodies, and of what writes alone, one after another. */
export async function measureIngest(
  count: number,
  peerCount: number,
  folder: string,
): Promise<IngestFigures> {
  const spans = [...benchSpans(count, Date.now())];
  const bodies: { body: Uint8Array; spans: number }[] = [];
  for (let i = 0; i < spans.length; i += SPANS_A_BODY) {
    const part = spans.slice(i, i + SPANS_A_BODY);
    bodies.push({ body: encodeTraceRequest(part, 'protobuf'), spans: part.length });
  }
  const lab = await withLab(join(folder, 'lab'), (url) => send(url, bodies));
  const batches = batchesOf(spans);
  const writer = await writerAlone(join(folder, 'writer.duckdb'), batches);
  const appending = await openAppender(join(folder, 'appender.duckdb'));
  const appender = await spansASecond(batches, appending.append);
  appending.close();
  const peer = await withPeer(join(folder, 'peer.sqlite'), (url) =>
    send(url, bodies.slice(0, Math.ceil(peerCount / SPANS_A_BODY))),
  );
  return { lab, peer, appender, writer };
}

function batchesOf(spans: readonly Span[]): RowBatch[] {
  const batches = [];
  let builder = new RowBatchBuilder();
  for (const span of spans) {
    builder.add(span);
    if (builder.rows >= ROWS_A_FLUSH) {
      batches.push(builder.build());
      builder = new RowBatchBuilder();
    }
  }
  batches.push(builder.build());
  return batches;
}

async function writerAlone(path: string, batches: readonly RowBatch[]): Promise<number> {
  const database = await Database.open(path);
  const rate = await spansASecond(batches, (batch) => database.append([batch]));
  await database.close();
  return rate;
}

async function spansASecond(
  batches: readonly RowBatch[],
  write: (batch: RowBatch) => Promise<void>,
): Promise<number> {
  const begin = performance.now();
  for (const batch of batches) await write(batch);
  const seconds = (performance.now() - begin) / 1000;
  return batches.reduce((sum, { spans }) => sum + spans, 0) / seconds;
}

/** Sends all bodies over a few connections; every one must be answered 200. @returns spans a second */
async function send(url: string, bodies: readonly { body: Uint8Array; spans: number }[]): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let next = 0;
  let spans = 0;
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (next < bodies.length) {
        const item = bodies[next++] as { body: Uint8Array; spans: number };
        for (;;) {
          const status = await post(`${url}/v1/traces`, item.body, agent).catch(retryIfHungUp);
          if (status === 200) break;
          if (status !== 503 && status !== 429 && status !== HUNG_UP)
            throw new Error(`${url} answered ${status}`);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        spans += item.spans;
      }
    }),
  );
  const seconds = (performance.now() - begin) / 1000;
  agent.destroy();
  return spans / seconds;
}

/** A server may close a connection that was idle just when it is used again; clients then send again. */
const HUNG_UP = 0;
function retryIfHungUp(error: NodeJS.ErrnoException): number {
  if (error.code !== 'ECONNRESET') throw error;
  return HUNG_UP;
}

function post(url: string, body: Uint8Array, agent: http.Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
    const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function withLab<T>(dir: string, use: (url: string) => Promise<T>): Promise<T> {
  const lab = await startLabProcess(dir);
  try {
    return await use(lab.otlpUrl);
  } finally {
    await lab.kill();
  }
}

/** Where PEER_INSTALL puts the peer. It is no dependency of the workshop: a learner would download 58 MB for a bench. */
const PEER_FOLDER = join(import.meta.dirname, '../../.workshop/peer');
export const PEER_INSTALL = 'npm install --prefix .workshop/peer autotel-devtools@27.1.0';

/** The peer: autotel-devtools, its receiver and its SQLite file. Null when it is not installed. */
async function withPeer(path: string, use: (url: string) => Promise<number>): Promise<number | null> {
  let script: string;
  try {
    script = join(
      dirname(createRequire(join(PEER_FOLDER, 'package.json')).resolve('autotel-devtools')),
      'cli.js',
    );
  } catch {
    return null;
  }
  const port = await freePort();
  const args = [script, '--port', String(port), '--grpc-port', String(await freePort()), '--db', path];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  return withChild(child, `http://127.0.0.1:${port}/`, () => use(`http://127.0.0.1:${port}`));
}

async function withChild<T>(child: ChildProcess, readyUrl: string, use: () => Promise<T>): Promise<T> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    await untilAnswers(readyUrl, child);
    return await use();
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}
