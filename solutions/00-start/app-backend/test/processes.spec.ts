import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { eventually } from './support/eventually';
import { startMurmur } from './support/murmur';
import { createSeededDatabase, TestDatabase } from './support/test-database';

const ROOT = resolve(__dirname, '..');

interface Running {
  child: ChildProcess;
  output(): string;
}

/** What `npm start` and `npm run start:worker` run. */
function start(script: string, env: Record<string, string>): Running {
  const { DATABASE_URL: _unused, ...inherited } = process.env;
  const child = spawn(process.execPath, [require.resolve('ts-node/dist/bin'), script], {
    cwd: ROOT,
    env: { ...inherited, NO_COLOR: '1', ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  return { child, output: () => output };
}

describe('the processes', () => {
  let database: TestDatabase;
  let running: Running[];

  beforeAll(async () => {
    database = await createSeededDatabase();
  });
  afterAll(() => database?.drop());
  beforeEach(() => {
    running = [];
  });
  afterEach(() => {
    for (const { child } of running) {
      child.kill('SIGKILL');
    }
  });

  const boot = async (script: string, ready: RegExp): Promise<Running> => {
    const started = start(script, { DATABASE_URL: database.url, PORT: '0' });
    running.push(started);
    await eventually(
      async () => started.output(),
      (output) => ready.test(output),
      20_000,
    );
    expect(started.output()).toMatch(ready);
    return started;
  };
  const connections = async () =>
    (
      await database.query(
        'SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      )
    ).length;

  it.each([
    ['src/main.ts', /listens on http/],
    ['src/worker.ts', /waits for messages/],
  ])('%s stops on SIGTERM and closes its connections', async (script, ready) => {
    const { child } = await boot(script, ready);
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    const [code, signal] = await closed;
    expect([code, signal]).toEqual([null, 'SIGTERM']);
    expect(await eventually(connections, (open) => open === 0)).toBe(0);
  });

  it('closing the API closes its connections, without waiting for the process to end', async () => {
    const murmur = await startMurmur(database.url);
    await murmur.visitor().get('/users').expect(200);
    expect(await connections()).toBeGreaterThan(0);
    await murmur.close();
    expect(await eventually(connections, (open) => open === 0, 2_000)).toBe(0);
  });

  it('the API goes on when its connections are lost', async () => {
    const { output } = await boot('src/main.ts', /listens on http/);
    const url = /http:\/\/\S+/.exec(output())![0];
    expect((await fetch(`${url}/users`)).status).toBe(200);
    await database.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await eventually(
      async () => output(),
      (text) => text.includes('connection was lost'),
    );
    expect(output()).toContain('An idle connection was lost');
    expect((await fetch(`${url}/users`)).status).toBe(200);
  });

  it.each(['src/main.ts', 'src/worker.ts', 'src/database/seed.ts', 'src/database/migrate.ts'])(
    '%s says that DATABASE_URL is missing',
    async (script) => {
      const started = start(script, {});
      running.push(started);
      const [code] = await once(started.child, 'close');
      expect(code).toBe(1);
      expect(started.output()).toContain('DATABASE_URL is not set');
    },
  );
});
