import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { type LabProcess, startLabProcess } from '../../test/lab-process.ts';
import { ApiClient } from './client.ts';

/** A client that is not ours: Honeycomb's own, which has no types. */
interface Sent {
  status_code?: number;
  error?: Error;
}
interface Event {
  timestamp: Date | string;
  sendPresampled(): void;
  send(): void;
}
interface Client {
  newEvent(): Event & { add(fields: object): void; sampleRate: number };
  sendNow(fields: object): void;
  flush(): Promise<void>;
}
type Libhoney = new (options: object) => Client;
const Libhoney: Libhoney = createRequire(import.meta.url)('libhoney');

let lab: LabProcess;
let dir: string;
before(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'lab-libhoney-'));
  lab = await startLabProcess(dir);
});
after(async () => {
  await lab.kill();
  rmSync(dir, { recursive: true, force: true });
});

test('events that libhoney sends are rows, weighted by their sample rate, and those with ids are spans', async () => {
  const answers: Sent[] = [];
  const client = new Libhoney({
    writeKey: 'any',
    dataset: 'murmur-jobs',
    apiHost: lab.apiUrl,
    responseCallback: (sent: Sent[]) => answers.push(...sent),
  });
  client.sendNow({ job: 'digest', took_ms: 12.5, ok: true });
  const sampled = client.newEvent();
  sampled.add({ job: 'digest', took_ms: 7 });
  sampled.sampleRate = 4;
  sampled.sendPresampled();
  const startMs = Date.now() - 5_000;
  for (const [spanId, parentId, name] of [
    ['00000000000000a1', undefined, 'nightly'],
    ['00000000000000a2', '00000000000000a1', 'send mails'],
  ]) {
    const span = client.newEvent();
    span.timestamp = new Date(startMs);
    span.add({
      'trace.trace_id': '1b4e28ba-2fa1-11d2-883f-0016d3cca427',
      'trace.span_id': spanId,
      ...(parentId && { 'trace.parent_id': parentId }),
      name,
      duration_ms: 40,
      'service.name': 'murmur-mailer',
    });
    span.send();
  }
  await client.flush();
  assert.deepEqual(
    answers.map(({ status_code, error }) => [status_code, error]),
    [
      [202, undefined],
      [202, undefined],
      [202, undefined],
      [202, undefined],
    ],
  );

  const jobs = await new ApiClient(lab.apiUrl).rowsOf('murmur-jobs', {
    breakdowns: ['job'],
    calculations: [{ op: 'COUNT' }, { op: 'SUM', column: 'took_ms' }],
  });
  assert.deepEqual(jobs, [{ job: 'digest', COUNT: 5, 'SUM(took_ms)': 12.5 + 4 * 7 }]);
  const inAll = await new ApiClient(lab.apiUrl).rowsOf('__all__', {
    calculations: [{ op: 'COUNT' }],
    filters: [{ column: 'job', op: 'exists' }],
  });
  assert.deepEqual(inAll, [{ COUNT: 5 }]);

  const traces = (await (await fetch(`${lab.apiUrl}/api/traces?limit=1`)).json()) as {
    traces: { traceId: string; name: string; spanCount: number; startMs: number; services: string[] }[];
  };
  assert.equal(traces.traces.length, 1, 'an event without ids is no trace');
  const [trace] = traces.traces;
  assert.equal(trace?.traceId, '1b4e28ba2fa111d2883f0016d3cca427');
  assert.equal(trace?.name, 'nightly');
  assert.equal(trace?.spanCount, 2);
  assert.equal(trace?.startMs, startMs);
  assert.deepEqual(trace?.services, ['murmur-mailer']);
  const graph = (await (await fetch(`${lab.apiUrl}/api/service-graph`)).json()) as {
    nodes: { name: string }[];
  };
  assert.deepEqual(
    graph.nodes.map(({ name }) => name),
    ['murmur-mailer'],
  );
});
