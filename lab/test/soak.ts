#!/usr/bin/env node
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeTraceRequest, type Span } from '@workshop/telemetry';
import { Random } from '../query/test/random.ts';
import { Store } from '../store/index.ts';
import { BodyFuzzer } from './fuzzed-bodies.ts';
import { startLabProcess } from './lab-process.ts';
import { sampleSpans } from './sample-spans.ts';

/**
 * Long checks of the lab's collection: fuzzed bodies, and kill -9 during ingestion.
 * SOAK_BODIES (100,000), SOAK_KILLS (10) and SOAK_SEED set how much and what.
 */
const BODIES = Number(process.env.SOAK_BODIES ?? 100_000);
const KILLS = Number(process.env.SOAK_KILLS ?? 10);
const SEED = Number(process.env.SOAK_SEED ?? Math.floor(Math.random() * 1e9));
const MOST_MEMORY = 1024 ** 3;
const MOST_MS_A_REQUEST = 60_000;
const GOOD_EVERY = 500;
const CONNECTIONS = 6;

const folder = mkdtempSync(join(tmpdir(), 'lab-soak-'));
try {
  console.log(`SOAK_SEED=${SEED}`);
  await fuzz(join(folder, 'fuzz'));
  await killLoop(join(folder, 'kill'));
  console.log('All held.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** No crash, no hang, bounded memory; what is wrong is answered 4xx; good bodies in between are stored. */
async function fuzz(dir: string): Promise<void> {
  const random = new Random(SEED);
  const fuzzer = new BodyFuzzer(random);
  const lab = await startLabProcess(dir);
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const answers = new Map<string, number>();
  let sent = 0;
  let good = 0;
  let memory = 0;
  try {
    const worker = async (): Promise<void> => {
      while (sent < BODIES) {
        const number = sent++;
        if (number % GOOD_EVERY === 0) {
          const spans = sampleSpans({ requests: 1, endMs: Date.now(), seed: 1000 + number });
          const status = await post(
            lab.otlpUrl,
            encodeTraceRequest(spans, 'protobuf'),
            { 'content-type': 'application/x-protobuf' },
            agent,
          );
          check(status === 200, `a good body was answered ${status}`);
          good += spans.length;
          const health = (await (await fetch(`${lab.apiUrl}/health`)).json()) as { memoryBytes: number };
          memory = Math.max(memory, health.memoryBytes);
          continue;
        }
        const { kind, headers, body, surelyWrong } = fuzzer.next();
        const status = await post(lab.otlpUrl, body, headers, agent);
        check(
          (status >= 400 && status < 500) || (!surelyWrong && status === 200),
          `${kind} (body ${number}) was answered ${status}`,
        );
        answers.set(`${kind}: ${status}`, (answers.get(`${kind}: ${status}`) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
    check(lab.child.exitCode === null, 'the lab has ended');
    check(memory < MOST_MEMORY, `the lab took ${memory} bytes`);
  } finally {
    agent.destroy();
    await lab.kill();
  }
  const store = await Store.open({ dir });
  const rows = await store.all(
    `select count(*)::double as n from spans where name in ('GET /feed', 'pg.query:SELECT murmur') and service = 'murmur-api' and span_id is not null`,
  );
  await store.close();
  check(Number(rows[0]?.n) >= good, `${rows[0]?.n} good spans are stored, ${good} were answered 200`);
  for (const [answer, count] of [...answers].sort()) console.log(`  ${String(count).padStart(6)}  ${answer}`);
  console.log(`${sent} bodies; ${good} good spans stored; at most ${Math.round(memory / 1024 ** 2)} MiB`);
}

/** Every span whose request was answered 200 is there after a kill; what got no answer is sent again; none is twice. */
async function killLoop(dir: string): Promise<void> {
  const random = new Random(SEED + 1);
  const answered: Span[] = [];
  let again: Span[][] = [];
  let seed = 1;
  for (let round = 0; round < KILLS; round++) {
    const lab = await startLabProcess(dir);
    const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    let stopped = false;
    const before = answered.length;
    const wanted = 500 + random.below(6_000);
    const retries = again;
    again = [];
    const worker = async (): Promise<void> => {
      while (!stopped) {
        const spans = retries.pop() ?? sampleSpans({ requests: 40, endMs: Date.now(), seed: seed++ });
        const status = await post(
          lab.otlpUrl,
          encodeTraceRequest(spans, 'protobuf'),
          { 'content-type': 'application/x-protobuf' },
          agent,
        ).catch(() => 0);
        if (status === 200) answered.push(...spans);
        else again.push(spans);
        if (answered.length - before >= wanted && !stopped) {
          stopped = true;
          await lab.kill(); // the others' requests are under way
        }
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
    again.push(...retries);
    agent.destroy();
  }
  const store = await Store.open({ dir });
  const there = new Set(
    (await store.all('select trace_id || span_id as id from spans where span_id is not null')).map(
      (row) => row.id,
    ),
  );
  const twice = await store.all(
    'select trace_id from spans where span_id is not null group by trace_id, span_id having count(*) > 1',
  );
  await store.close();
  const lost = answered.filter((span) => !there.has(span.traceId + span.spanId));
  check(lost.length === 0, `${lost.length} of ${answered.length} answered spans are gone`);
  check(twice.length === 0, `${twice.length} spans are there twice`);
  console.log(`${KILLS} kills; ${answered.length} spans answered 200, all there, none twice`);
}

function post(
  url: string,
  body: Uint8Array,
  headers: Record<string, string>,
  agent: http.Agent,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${url}/v1/traces`,
      { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', reject);
      },
    );
    request.setTimeout(MOST_MS_A_REQUEST, () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
    request.end(body);
  });
}

function check(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(`${message} (SOAK_SEED=${SEED})`);
}
