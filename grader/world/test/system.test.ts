import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { until } from '@workshop/base';
import { startSystem, stopSharedServer } from '../index.ts';
import { makeTree, pristineBackendDir, processesIn, startFixture, temporaryFolder } from './trees.ts';

after(stopSharedServer);
const TIMEOUT = 90_000;

test('a learner’s process sees an allow-listed environment only', { timeout: TIMEOUT }, async () => {
  const secrets = {
    HONEYCOMB_API_KEY: 'canary-1',
    AWS_SECRET_ACCESS_KEY: 'canary-2',
    NODE_AUTH_TOKEN: 'canary-3',
    GITHUB_TOKEN: 'canary-4',
    npm_config__authToken: 'canary-5',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-honeycomb-team=canary-6',
    OTEL_SERVICE_NAME: 'canary-7',
    OTEL_TRACES_EXPORTER: 'canary-8',
    GRADER_DATABASE_URL: '',
    DATABASE_URL: 'postgres://canary-9@127.0.0.1:9/canary',
    PGPASSWORD: 'canary-10',
    NODE_OPTIONS: '--title=canary-11',
  };
  const before = { ...process.env };
  Object.assign(process.env, secrets);
  const system = await startFixture(makeTree('prints-environment'), {
    env: { OTEL_TRACES_SAMPLER_ARG: '0.25' },
  });
  for (const name of Object.keys(secrets)) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  const [record] = await system.stop();
  const line = /ENVIRONMENT (.*)/.exec(record?.output ?? '')?.[1];
  assert.ok(line, 'no environment was printed');
  assert.doesNotMatch(line, /canary/);
  const seen = JSON.parse(line) as Record<string, string>;
  const shell = ['PWD', 'OLDPWD', 'SHLVL', '_'];
  const machine = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
  const ours = [
    'PORT',
    'DATABASE_URL',
    'SESSION_SECRET',
    'PAGE_ORIGIN',
    'NODE_OPTIONS',
    'NO_COLOR',
    'NODE_COMPILE_CACHE',
  ];
  const telemetry = Object.keys(seen)
    .filter((name) => name.startsWith('OTEL_'))
    .sort();
  assert.deepEqual(telemetry, [
    'OTEL_BSP_SCHEDULE_DELAY',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'OTEL_LOGS_EXPORTER',
    'OTEL_METRICS_EXPORTER',
    'OTEL_TRACES_SAMPLER_ARG',
  ]);
  if (process.platform !== 'win32') {
    const known = new Set([...shell, ...machine, ...ours, ...telemetry]);
    assert.deepEqual(
      Object.keys(seen).filter((name) => !known.has(name) && !name.startsWith('LC_')),
      [],
    );
  }
  assert.equal(seen.OTEL_TRACES_SAMPLER_ARG, '0.25');
  assert.equal(seen.OTEL_EXPORTER_OTLP_ENDPOINT, system.receiver.url);
  assert.match(seen.SESSION_SECRET ?? '', /^[0-9a-f]{48}$/);
  assert.equal(Number(seen.PORT), record?.askedPort);
});

test('no process of ours that the learner’s can read holds a secret in its environment', {
  timeout: TIMEOUT,
  skip: process.platform === 'linux' ? false : '/proc is of Linux',
}, async () => {
  const script = `
    import { spawnSync } from 'node:child_process';
    import { readFileSync } from 'node:fs';
    import { startSystem } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
    const system = await startSystem({ treeDir: ${JSON.stringify(makeTree('good'))}, pristineBackendDir: ${JSON.stringify(pristineBackendDir)} });
    const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' });
    const below = new Set([process.pid]);
    const pairs = stdout.trim().split('\\n').map((line) => line.trim().split(/\\s+/).map(Number));
    for (let grew = true; grew; ) {
      grew = false;
      for (const [pid, parent] of pairs) if (below.has(parent) && !below.has(pid)) grew = Boolean(below.add(pid));
    }
    const told = [...below].filter((pid) => {
      try {
        return readFileSync('/proc/' + pid + '/environ', 'latin1').includes('canary');
      } catch {
        return false;
      }
    });
    console.log('TOLD', told.length, 'OF', below.size > 2, process.env.HONEYCOMB_API_KEY);
    await system.stop();
    process.exit();
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, HONEYCOMB_API_KEY: 'canary-1', GITHUB_TOKEN: 'canary-2' },
    encoding: 'utf8',
  });
  assert.match(stdout, /TOLD 0 OF true canary-1/, stderr);
});

test('two systems at once have a port, a secret and a database each', { timeout: TIMEOUT }, async () => {
  const systems = await Promise.all([1, 2].map(() => startFixture(makeTree('prints-environment'))));
  const [one, two] = systems;
  assert.notEqual(one?.apiUrl, two?.apiUrl);
  await one?.database.query('DELETE FROM notes');
  assert.equal((await two?.database.query('SELECT 1 FROM notes'))?.rows.length, 100);
  for (const system of systems)
    assert.equal(await (await fetch(`${system.apiUrl}/health`)).text(), '{"status":"ok"}');
  const records = (await Promise.all(systems.map((system) => system.stop()))).flat();
  const secrets = records.map(({ output }) => /"SESSION_SECRET":"(\w+)"/.exec(output)?.[1]);
  assert.equal(new Set(secrets).size, 2, `${secrets}`);
  const [again] = (await one?.stop()) ?? [];
  assert.equal(again?.ended, 'stopped');
});

test('a killed grader takes the learner’s processes with it', { timeout: TIMEOUT }, async () => {
  // Without the capture, which would end its own process, and below a shell that goes on.
  const start = `env -i PORT=$PORT '${process.execPath}' ignores-sigterm.js; true`;
  const treeDir = makeTree('ignores-sigterm', start);
  const script = `
    import { startSystem } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
    await startSystem({ treeDir: ${JSON.stringify(treeDir)}, pristineBackendDir: ${JSON.stringify(pristineBackendDir)} });
    console.log('READY');
  `;
  const grader = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  after(() => grader.kill('SIGKILL'));
  let ready = false;
  grader.stdout.on('data', (chunk) => {
    ready ||= String(chunk).includes('READY');
  });
  assert.ok(await until(() => ready, { maxMs: 60_000 }));
  if (process.platform === 'linux') assert.ok(processesIn(treeDir).length >= 1);
  grader.kill('SIGKILL');
  assert.ok(await until(() => processesIn(treeDir).length === 0), 'processes outlived the grader');
});

test('a tree without app-backend is the learner’s fault, not ours', { timeout: TIMEOUT }, async () => {
  const system = await startSystem({ treeDir: temporaryFolder(), pristineBackendDir });
  assert.equal(system.apiUrl, null);
  const [record] = await system.stop();
  assert.match(record?.output ?? '', /has no start script/);
});

test('a worker is ready when it listens to the outbox, not when it reaches the database', {
  timeout: TIMEOUT,
}, async () => {
  const treeDir = makeTree('good');
  const worker = path.join(import.meta.dirname, 'fixtures', 'hostile', 'listens-to-outbox.js');
  writeFileSync(
    path.join(treeDir, 'app-backend', 'package.json'),
    JSON.stringify({ scripts: { start: 'node good.js', 'start:worker': `node ${JSON.stringify(worker)}` } }),
  );
  const system = await startFixture(treeDir, { worker: true });
  const runs = system.workerRuns();
  const { rows } = await system.database.query(
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN outbox'",
  );
  const [api, ready] = await system.stop();
  assert.deepEqual([api?.name, ready?.name, ready?.askedPort], ['api', 'worker', null]);
  assert.ok((ready?.readyAfterMs ?? 0) >= 300, `ready after ${ready?.readyAfterMs} ms: ${ready?.output}`);
  assert.deepEqual([runs, rows.length, system.workerRuns()], [true, 1, false]);
});

test('a worker that ends before it waits for messages was never ready', { timeout: TIMEOUT }, async () => {
  const treeDir = makeTree('good');
  writeFileSync(
    path.join(treeDir, 'app-backend', 'package.json'),
    JSON.stringify({ scripts: { start: 'node good.js', 'start:worker': 'node -e "process.exit(3)"' } }),
  );
  const system = await startFixture(treeDir, { worker: true });
  assert.ok(system.apiUrl);
  assert.equal(system.workerRuns(), false);
  const [, worker] = await system.stop();
  assert.deepEqual([worker?.readyAfterMs, worker?.ended, worker?.exit?.code], [null, 'exited', 3]);
});
