import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { startDelayProxy } from './support/delay-proxy';
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

  const says = async ({ output }: Running, text: RegExp): Promise<void> => {
    expect(
      await eventually(
        async () => output(),
        (said) => text.test(said),
        20_000,
      ),
    ).toMatch(text);
  };
  const boot = async (script: string, ready: RegExp, databaseUrl = database.url): Promise<Running> => {
    const started = start(script, { DATABASE_URL: databaseUrl, PORT: '0' });
    running.push(started);
    await says(started, ready);
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

  it('the API goes on when a connection is lost in the middle of a transaction', async () => {
    const { output } = await boot('src/main.ts', /listens on http/);
    const url = /http:\/\/\S+/.exec(output())![0];
    const users = (await (await fetch(`${url}/users`)).json()) as { id: string }[];
    const ask = (path: string, body: object, token = '') =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });
    const { token } = (await (await ask('/sessions', { userId: users[0].id })).json()) as { token: string };
    const unlock = await database.lock('posts');
    try {
      const publishing = ask('/posts', { text: 'Lost on the way.' }, token);
      const inserting = "wait_event_type = 'Lock' AND query LIKE '%INSERT INTO posts%'";
      await eventually(
        () => database.query(`SELECT 1 FROM pg_stat_activity WHERE ${inserting}`),
        (rows) => rows.length > 0,
      );
      await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${inserting}`);
      expect((await publishing).status).toBe(500);
    } finally {
      await unlock();
    }
    expect((await fetch(`${url}/users`)).status).toBe(200);
  });

  it('API and worker live through a database that is away, and the worker asks less and less often', async () => {
    const far = new URL(database.url);
    let proxy = await startDelayProxy(database.port, 0);
    try {
      far.port = String(proxy.port);
      const worker = await boot('src/worker.ts', /waits for messages/, far.href);
      const api = await boot('src/main.ts', /listens on http/, far.href);
      const health = async () => {
        const response = await fetch(`${/http:\/\/\S+/.exec(api.output())![0]}/health`);
        return [response.status, await response.json()];
      };
      expect(await health()).toEqual([200, { status: 'ok', database: 'ok' }]);

      await proxy.close();
      await says(worker, /Next try in 0\.4 s\.[\s\S]*Next try in 0\.8 s\.[\s\S]*Next try in 1\.6 s\./);
      expect(await health()).toEqual([503, { status: 'unavailable', database: 'unreachable' }]);

      proxy = await startDelayProxy(database.port, 0, proxy.port);
      expect(await health()).toEqual([200, { status: 'ok', database: 'ok' }]);
      const [{ id }] = await database.query<{ id: string }>(
        `INSERT INTO outbox (type, payload)
         SELECT 'post.published', jsonb_build_object('postId', id::text, 'authorId', author_id::text)
           FROM posts ORDER BY id LIMIT 1 RETURNING id`,
      );
      const waiting = () =>
        database.query('SELECT 1 FROM outbox WHERE id = $1 AND processed_at IS NULL', [id]);
      expect(await eventually(waiting, (rows) => rows.length === 0)).toEqual([]);
    } finally {
      await proxy.close();
    }
  });

  it.each(['src/main.ts', 'src/worker.ts'])('%s wants a secret of its own in production', async (script) => {
    const started = start(script, { DATABASE_URL: database.url, PORT: '0', NODE_ENV: 'production' });
    running.push(started);
    expect(await once(started.child, 'close')).toEqual([1, null]);
    expect(started.output()).toContain('SESSION_SECRET is not set');
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
