import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { encodeTraceRequest } from '@workshop/telemetry';
import { startLabProcess } from '../test/lab-process.ts';
import { benchSpans } from './spans.ts';

export interface IngestUnderQuery {
  sent: number;
  lost: number;
  queries: number;
  /** longest wait of an OTLP request that came beside the SDK's, milliseconds */
  worstAnswerMs: number;
  /** items and megabytes of one result */
  items: number;
  megabytes: number;
  seconds: number;
}

const SPANS_A_SECOND = 1_500;
const EVERY_MS = 20;
const STORED = 200_000;

/**
 * A stock SDK sends 1,500 spans a second for `seconds`, with the settings that it has from the start, while the
 * heaviest query that is legal (1,000 groups, 1,000 steps, a heatmap) is asked again and again.
 */
export async function measureIngestUnderQuery(dir: string, seconds: number): Promise<IngestUnderQuery> {
  const lab = await startLabProcess(dir);
  try {
    await fill(lab.otlpUrl);
    const provider = new NodeTracerProvider({
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${lab.otlpUrl}/v1/traces` }))],
    });
    let running = true;
    const asked = askAgainAndAgain(lab.apiUrl, () => running);
    const worst = worstAnswer(lab.otlpUrl, () => running);
    const begin = performance.now();
    const sent = await send(provider, seconds);
    await provider.shutdown();
    running = false;
    const { queries, items, bytes } = await asked;
    const stored = await count(lab.apiUrl);
    return {
      sent,
      lost: sent - stored,
      queries,
      worstAnswerMs: await worst,
      items,
      megabytes: bytes / 1e6,
      seconds: (performance.now() - begin) / 1000,
    };
  } finally {
    await lab.kill();
  }
}

async function send(provider: NodeTracerProvider, seconds: number): Promise<number> {
  const tracer = provider.getTracer('sdk');
  const begin = performance.now();
  let sent = 0;
  while (performance.now() - begin < seconds * 1000) {
    const due = Math.floor(((performance.now() - begin) / 1000) * SPANS_A_SECOND);
    for (; sent < due; sent++) tracer.startSpan('from the SDK', { attributes: { n: sent } }).end();
    await delay(EVERY_MS);
  }
  return sent;
}

async function askAgainAndAgain(
  apiUrl: string,
  more: () => boolean,
): Promise<{ queries: number; items: number; bytes: number }> {
  const end = Math.floor(Date.now() / 1000);
  const query = {
    start_time: end - 2_000,
    end_time: end,
    granularity: 2,
    breakdowns: ['trace.trace_id'],
    limit: 1_000,
    calculations: [
      { op: 'HEATMAP', column: 'duration_ms' },
      ...['P50', 'P99'].map((op) => ({ op, column: 'duration_ms' })),
    ],
  };
  const totals = { queries: 0, items: 0, bytes: 0 };
  while (more()) {
    const answer = await fetch(`${apiUrl}/api/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(query),
    });
    if (!answer.ok || !answer.body)
      throw new Error(`the query was answered ${answer.status}: ${await answer.text()}`);
    let [bytes, items] = [0, 0];
    for await (const piece of answer.body) {
      bytes += piece.length;
      items += Buffer.from(piece).toString('latin1').split('"time":').length - 1;
    }
    totals.queries++;
    Object.assign(totals, { bytes, items });
  }
  return totals;
}

/** Asks, beside the SDK, how long an empty request takes. */
async function worstAnswer(otlpUrl: string, more: () => boolean): Promise<number> {
  const agent = new http.Agent({ keepAlive: true });
  let worst = 0;
  while (more()) {
    const begin = performance.now();
    await post(otlpUrl, encodeTraceRequest([], 'protobuf'), agent);
    worst = Math.max(worst, performance.now() - begin);
    await delay(EVERY_MS);
  }
  agent.destroy();
  return worst;
}

async function fill(otlpUrl: string): Promise<void> {
  const agent = new http.Agent({ keepAlive: true });
  let part = [];
  for (const span of benchSpans(STORED, Date.now())) {
    if (part.push(span) < 2_000) continue;
    await post(otlpUrl, encodeTraceRequest(part, 'protobuf'), agent);
    part = [];
  }
  agent.destroy();
}

function post(otlpUrl: string, body: Uint8Array, agent: http.Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
    const request = http.request(`${otlpUrl}/v1/traces`, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`answered ${answer.statusCode}`)),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function count(apiUrl: string): Promise<number> {
  const query = { filters: [{ column: 'name', op: '=', value: 'from the SDK' }] };
  const answer = await fetch(`${apiUrl}/api/query?disable_series`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(query),
  });
  const { data } = (await answer.json()) as { data: { results: { data: { COUNT: number } }[] } };
  return data.results[0]?.data.COUNT ?? 0;
}
