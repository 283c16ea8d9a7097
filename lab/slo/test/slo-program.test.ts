import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { until } from '@workshop/base';
import { displayWidth, encodeTraceRequest, type Span } from '@workshop/telemetry';
import type { EventList, SloList } from '../../api/index.ts';
import { runLabProgram } from '../../cli/program.ts';
import { type LabProcess, startLabProcess } from '../../test/lab-process.ts';

/** SLOs as a learner has them: files, a lab that runs, `npm run slo`. */

let root: string;
let lab: LabProcess;
before(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'lab-slo-'));
  mkdirSync(path.join(root, 'queries'));
  lab = await startLabProcess(path.join(root, 'lab'), root);
  await send([
    ...Array.from({ length: 10 }, (_, n) => feed(n, 100, 19)),
    ...Array.from({ length: 10 }, (_, n) => feed(100 + n, 900, 1)),
    // Neither true nor false: it does not count.
    { ...feed(200, 900, 1), attributes: { 'http.route': '/search' } },
    // Of another service.
    { ...feed(300, 900, 1), resource: { 'service.name': 'murmur-other' } },
  ]);
});
after(async () => {
  await lab.kill();
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  rmSync(path.join(root, 'queries'), { recursive: true, force: true });
  for (const folder of ['slos', 'calculated-fields'])
    mkdirSync(path.join(root, 'queries', folder), { recursive: true });
});

function feed(n: number, durationMs: number, sampleRate: number): Span {
  return {
    traceId: n.toString(16).padStart(32, 'a'),
    spanId: n.toString(16).padStart(16, 'b'),
    name: 'GET /feed',
    kind: 'SERVER',
    startMs: Date.now() - 60_000,
    durationMs,
    status: { code: 'UNSET' },
    attributes: { 'http.route': '/feed', sampleRate },
    events: [],
    links: [],
    resource: { 'service.name': 'murmur-api' },
    scope: { name: 'test' },
  };
}

async function send(spans: Span[]): Promise<void> {
  const body = encodeTraceRequest(spans, 'protobuf');
  const headers = { 'content-type': 'application/x-protobuf' };
  const answer = await fetch(`${lab.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers,
    body: Buffer.from(body),
  });
  assert.equal(answer.status, 200);
}

function write(file: string, value: unknown): void {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  writeFileSync(path.join(root, 'queries', file), text);
}

const FIELD = { alias: 'feed_is_fast', expression: 'IF($http.route = "/feed", $duration_ms < 500)' };
const SLO = {
  name: 'Feed is fast',
  sli: { alias: 'feed_is_fast' },
  time_period_days: 7,
  target_per_million: 990_000,
  dataset_slugs: ['murmur-api'],
};

async function run(...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runLabProgram(['slo', ...args], {
    root,
    env: { LAB_URL: lab.apiUrl },
    out: (line) => out.push(line),
    err: (line) => err.push(line),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

test('it tells what is left of the budget, weighted by the sample rate, and ends with 1 when that is spent', async () => {
  write('calculated-fields/feed.json', FIELD);
  write('slos/feed.json', SLO);
  const { code, out } = await run();
  // 10 x 19 were good and 10 not: 10 of 200 failed, and 1 % of them, 2, may.
  assert.equal(
    out,
    [
      'Feed is fast',
      '  Target     99 % of the last 7 days',
      '  Good       95 %: 190 of 200',
      '  Budget     spent, and 400 % more: 10 failed, 2 may',
      '  Burn rate  5 in the last hour, 5 in the last 4 hours',
    ].join('\n'),
  );
  assert.equal(code, 1);
  // At 90 % twenty may fail: half of the budget is left.
  write('slos/feed.json', { ...SLO, target_per_million: 900_000 });
  const kept = await run();
  assert.match(kept.out, /Budget {5}50 % left: 10 failed, 20 may\n {2}Burn rate {2}0\.50 in the last hour/);
  assert.equal(kept.code, 0);
  // A number is neither true nor false: that does not count either.
  write('calculated-fields/feed.json', {
    ...FIELD,
    expression: 'IF($http.route = "/feed", $duration_ms < 500, 7)',
  });
  const { slos } = JSON.parse((await run('--json')).out) as SloList;
  assert.deepEqual([slos[0]?.file, slos[0]?.budget_remaining, slos[0]?.total], ['feed.json', 50, 200]);
});

test('a burn alert is a line, an exit code and one event; so is its end', async () => {
  const { id: before } = (await (await fetch(`${lab.apiUrl}/api/events/since`)).json()) as EventList;
  write('calculated-fields/feed.json', FIELD);
  const alert = {
    alert_type: 'budget_rate',
    budget_rate_window_minutes: 60,
    budget_rate_decrease_threshold_per_million: 400_000,
  };
  write('slos/feed.json', { ...SLO, target_per_million: 900_000, burn_alerts: [alert] });
  const { code, out } = await run();
  assert.match(out, /ALERT {6}50 % of the budget went in the last 60 minutes; the limit is 40 %\./);
  for (const line of out.split('\n')) assert.ok(displayWidth(line) <= 80, line);
  assert.equal(code, 1);
  // New spans make the lab look.
  await send([feed(400, 100, 1)]);
  const told = async (): Promise<{ triggered: boolean; text: string }[]> => {
    const { events } = (await (
      await fetch(`${lab.apiUrl}/api/events/since?id=${before}`)
    ).json()) as EventList;
    return events.filter(({ kind }) => kind === 'burn-alert').map(({ data }) => data as never);
  };
  assert.ok(await until(async () => (await told()).length === 1, { maxMs: 20_000, everyMs: 50 }));
  assert.equal((await told())[0]?.triggered, true);
  // 190 more at once: it is 10 of 391 now, 39.1 may fail, and 25.6 % went.
  await send(Array.from({ length: 10 }, (_, n) => feed(500 + n, 100, 19)));
  assert.ok(await until(async () => (await told()).length === 2, { maxMs: 20_000, everyMs: 50 }));
  assert.deepEqual(
    (await told()).map(({ triggered }) => triggered),
    [true, false],
  );
  assert.equal((await run()).code, 0);
});

test('a file that is no SLO is named with what is wrong, and takes no other with it', async () => {
  write('calculated-fields/feed.json', FIELD);
  write('slos/a.json', SLO);
  write('slos/b.json', { ...SLO, name: 'B', target_per_million: 99.9, time_period_days: 0 });
  write('slos/c.json', { ...SLO, name: 'C', sli: { alias: 'feed_is_fst' } });
  write('slos/d.json', '{"name": "D"');
  write('slos/e.json', { ...SLO, name: 'E', burn_alerts: [{ alert_type: 'exhaustion_time' }] });
  write('slos/f.json', { ...SLO, name: 'F', target: 99 });
  const { code, out, err } = await run();
  assert.equal(code, 2);
  assert.match(out, /^Feed is fast\n/);
  assert.match(err, /queries\/slos\/b\.json: time_period_days: it is from 1 to 366; this is 0/);
  assert.match(err, /queries\/slos\/b\.json: target_per_million: 99\.9 is no whole number; 99\.9 % are/);
  assert.match(err, /queries\/slos\/c\.json: sli\.alias: there is no calculated field "feed_is_fst"/);
  assert.match(err, /did\nyou mean feed_is_fast\?/);
  assert.match(err, /queries\/slos\/d\.json: this is not JSON: line 1, column 13/);
  assert.match(err, /queries\/slos\/e\.json: burn_alerts\[0\]\.exhaustion_minutes: it is missing/);
  assert.match(err, /queries\/slos\/f\.json: target: it is not known/);
  assert.match(err, /5 files must be mended\./);
  for (const line of err.split('\n')) assert.ok(displayWidth(line) <= 80, line);
});

test('without an SLO it says how to write one', async () => {
  const { code, err } = await run();
  assert.equal(code, 2);
  assert.match(err, /There is no SLO yet\./);
  for (const line of err.split('\n')) assert.ok(displayWidth(line) <= 80, line);
});

test('the files that it suggests are an SLO', async () => {
  const { err } = await run();
  const [field, slo] = [...err.matchAll(/\{"[\s\S]*?\}(?=\n[A-Z]|$)/g)].map(([text]) => text);
  write('calculated-fields/feed-is-fast.json', field as string);
  write('slos/feed-is-fast.json', slo as string);
  const after = await run();
  assert.match(after.out, /^Feed is fast\n/, after.err);
});
