import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { until } from '@workshop/base';
import type { Span } from '@workshop/telemetry';
import { runLabProgram } from '../../cli/program.ts';
import type { SavedQuery } from '../../query/index.ts';
import { StandIn } from './stand-in/server.ts';

/** Shaped like real keys, so that a test that looks for them finds them. */
export const INGEST_KEY = `hcaik_${'0123456789abcdefghijklmnop'.repeat(3).slice(0, 58)}`;
export const CONFIG_KEY = 'Zx81QwErTy9iOpAs2DfGhJ';

export const LATENCY: SavedQuery = {
  name: 'Latency by user',
  description: 'Who waits?',
  query: {
    time_range: 86400,
    breakdowns: ['user.id'],
    calculations: [
      { op: 'HEATMAP', column: 'duration_ms' },
      { op: 'P99', column: 'duration_ms' },
    ],
    filters: [{ column: 'trace.parent_id', op: 'does-not-exist' }],
    orders: [{ op: 'P99', column: 'duration_ms', order: 'descending' }],
    limit: 50,
  },
};

export const RECENT: SavedQuery = {
  name: 'Recent traces',
  description: 'The newest requests of the API',
  query: {
    breakdowns: ['trace.trace_id', 'name'],
    calculations: [{ op: 'MAX', column: 'duration_ms' }],
    filter_combination: 'AND',
    filters: [
      { column: 'service.name', op: '=', value: 'murmur-api' },
      { column: 'span.kind', op: '=', value: 'server' },
    ],
  },
};

/** A repository's root with some saved queries, removed after the test. */
export function makeRoot(t: TestContext, queries: Record<string, SavedQuery> = {}): string {
  const root = mkdtempSync(path.join(tmpdir(), 'honeycomb-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(path.join(root, 'queries'));
  for (const [file, saved] of Object.entries(queries)) {
    writeFileSync(path.join(root, 'queries', file), JSON.stringify(saved));
  }
  return root;
}

export async function startStandIn(t: TestContext): Promise<StandIn> {
  const standIn = await StandIn.start({
    [INGEST_KEY]: { type: 'ingest' },
    [CONFIG_KEY]: { type: 'configuration' },
  });
  t.after(() => standIn.goOffline());
  return standIn;
}

/** Runs a command of `npm run honeycomb --`; waits are noted, not waited. */
export async function run(root: string, env: NodeJS.ProcessEnv, ...args: string[]) {
  const lines: string[] = [];
  const errors: string[] = [];
  const waits: number[] = [];
  const code = await runLabProgram(['honeycomb', ...args], {
    root,
    env,
    out: (line) => lines.push(line),
    err: (line) => errors.push(line),
    sleep: async (ms) => waits.push(ms),
  });
  return { code, out: lines.join('\n'), err: errors.join('\n'), waits };
}

export function keysFor(standIn: StandIn): NodeJS.ProcessEnv {
  return {
    HONEYCOMB_API_KEY: INGEST_KEY,
    HONEYCOMB_CONFIG_KEY: CONFIG_KEY,
    HONEYCOMB_API_ENDPOINT: standIn.url,
  };
}

/** A span whose `n` attribute tells it from all others. */
export function makeSpan(n: number, service = 'murmur-api'): Span {
  return {
    traceId: n.toString(16).padStart(32, 'a'),
    spanId: n.toString(16).padStart(16, 'b'),
    name: 'GET /feed',
    kind: 'SERVER',
    startMs: 1_790_000_000_000 + n,
    durationMs: 12.5,
    status: { code: 'UNSET' },
    attributes: { n },
    events: [],
    links: [],
    resource: { 'service.name': service },
    scope: { name: 'test' },
  };
}

/** Waits for a condition, at most twenty seconds. */
export async function untilTrue(condition: () => boolean, what: string): Promise<void> {
  assert.ok(await until(condition, { maxMs: 20_000, everyMs: 5 }), `Waited twenty seconds for: ${what}`);
}
