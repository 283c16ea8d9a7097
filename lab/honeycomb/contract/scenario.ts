import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Span } from '@workshop/telemetry';
import { runLabProgram } from '../../cli/program.ts';
import type { SavedQuery } from '../../query/index.ts';
import { createApi } from '../api.ts';
import { createClient } from '../client.ts';
import { readConfig } from '../config.ts';
import { exportGradedSpans } from '../export.ts';
import { openForwardQueue } from '../forward/index.ts';
import { Secret } from '../secret.ts';
import { StandIn } from '../test/stand-in/server.ts';
import { type RecordedExchange, recordingFetch } from './record.ts';

const INGEST_KEY = 'hcaik_contract';
const CONFIG_KEY = 'contract';

export interface Recording {
  exchanges: RecordedExchange[];
  /** Why the scenario did not come to its end, if the stand-in refused something before. */
  stopped: string | null;
}

/**
 * Runs everything that talks to Honeycomb against the stand-in, and returns each exchange. `extra` are further
 * saved queries to push, so that a change there is checked as well.
 */
export async function recordAll(extra: SavedQuery[] = []): Promise<Recording> {
  const exchanges: RecordedExchange[] = [];
  const recording = recordingFetch(exchanges);
  const standIn = await StandIn.start({
    [INGEST_KEY]: { type: 'ingest' },
    [CONFIG_KEY]: { type: 'configuration' },
  });
  const root = mkdtempSync(path.join(tmpdir(), 'honeycomb-contract-'));
  const env = {
    HONEYCOMB_API_KEY: INGEST_KEY,
    HONEYCOMB_CONFIG_KEY: CONFIG_KEY,
    HONEYCOMB_API_ENDPOINT: standIn.url,
  };
  const errors: string[] = [];
  const run = async (...args: string[]) => {
    const code = await runLabProgram(['honeycomb', ...args], {
      root,
      env,
      out: () => {},
      err: (line) => errors.push(line),
      fetch: recording,
    });
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${errors.join('\n')}`);
  };
  const save = (file: string, saved: SavedQuery) => {
    writeFileSync(path.join(root, 'queries', file), JSON.stringify(saved));
  };
  try {
    mkdirSync(path.join(root, 'queries'));
    standIn.environment().datasets.add('murmur-api');
    await run('check');
    for (const [i, saved] of SAMPLES.entries()) save(`sample-${i}.json`, saved);
    for (const [i, saved] of extra.entries()) save(`extra-${i}.json`, saved);
    const beside = (file: string, value: object) => {
      mkdirSync(path.dirname(path.join(root, 'queries', file)), { recursive: true });
      writeFileSync(path.join(root, 'queries', file), JSON.stringify(value));
    };
    beside('calculated-fields/fast.json', FIELD);
    beside('slos/fast.json', SLO);
    await run('push');
    beside('calculated-fields/fast.json', { ...FIELD, description: 'Other words' });
    beside('slos/fast.json', { ...SLO, target_per_million: 900_000 });
    const [first, second] = SAMPLES as [SavedQuery, SavedQuery];
    save('sample-0.json', { ...first, query: { ...first.query, limit: 9 } });
    save('sample-1.json', { ...second, description: 'Other words' });
    save('sample-new.json', { ...second, name: 'Contract sample: later', description: '' });
    await run('push');
    await run('pull');
    await provokeErrors(standIn, recording);
    const config = readConfig(root, env);
    await exportGradedSpans([SPAN], { seed: 1 }, { config, fetch: recording });
    const dir = path.join(root, 'queue');
    const queue = openForwardQueue({ dir, endpoint: standIn.url, key: config.ingestKey!, fetch: recording });
    queue.enqueue([SPAN]);
    await queue.drained();
    await queue.close();
  } catch (error) {
    // What was sent up to here is worth checking all the same: the fault is most likely in it.
    return { exchanges, stopped: (error as Error).message };
  } finally {
    await standIn.goOffline();
    rmSync(root, { recursive: true, force: true });
  }
  return { exchanges, stopped: null };
}

/** Honeycomb's refusals, so that the stand-in's are checked as well. */
async function provokeErrors(standIn: StandIn, recording: typeof fetch): Promise<void> {
  const client = { endpoint: standIn.url, fetch: recording, sleep: async () => {} };
  const api = createApi(createClient({ ...client, key: new Secret(CONFIG_KEY) }));
  standIn.fail({ times: 1, status: 429, headers: { 'Retry-After': new Date().toUTCString() } });
  await api.auth();
  const refused = [
    api.createQuery('__all__', { orders: [{ op: 'P99', column: 'x' }] }),
    api.createQuery('no-such-dataset', {}),
    api.updateBoard('no-such-board', { name: 'x', type: 'flexible' }),
    createApi(createClient({ ...client, key: new Secret('unknown') })).auth(),
  ];
  for (const { status } of await Promise.allSettled(refused)) {
    if (status !== 'rejected') throw new Error('The stand-in took what it must refuse.');
  }
}

// Between them: each kind of calculation and filter that the workshop's own queries use.
const SAMPLES: SavedQuery[] = [
  {
    name: 'Contract sample: groups',
    description: 'Who waits?',
    query: {
      time_range: 86400,
      granularity: 600,
      breakdowns: ['user.id'],
      calculations: [
        { op: 'HEATMAP', column: 'duration_ms' },
        { op: 'P95', column: 'duration_ms' },
        { op: 'COUNT' },
      ],
      filters: [{ column: 'trace.parent_id', op: 'does-not-exist' }],
      havings: [{ calculate_op: 'COUNT', op: '>', value: 5 }],
      orders: [{ op: 'P95', column: 'duration_ms', order: 'descending' }],
      limit: 50,
    },
  },
  {
    name: 'Contract sample: relations',
    description: '',
    query: {
      breakdowns: ['trace.trace_id', 'root.name'],
      calculations: [{ op: 'MAX', column: 'duration_ms' }],
      filter_combination: 'OR',
      filters: [
        { column: 'name', op: 'starts-with', value: 'GET' },
        { column: 'http.route', op: 'in', value: ['/feed', '/search'] },
      ],
    },
  },
  {
    name: 'Contract sample: one service',
    description: 'One service',
    query: {
      filters: [
        { column: 'service.name', op: '=', value: 'murmur-api' },
        { column: 'error', op: '=', value: true },
      ],
    },
  },
];

const FIELD = { alias: 'is_fast', expression: '$duration_ms < 500' };
const SLO = {
  name: 'Contract sample: fast',
  sli: { alias: 'is_fast' },
  time_period_days: 7,
  target_per_million: 990_000,
};

const SPAN: Span = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  name: 'GET /feed',
  kind: 'SERVER',
  startMs: 1_790_000_000_000,
  durationMs: 1,
  status: { code: 'UNSET' },
  attributes: {},
  events: [],
  links: [],
  resource: { 'service.name': 'murmur-api' },
  scope: { name: 'contract' },
};
