import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { hostname } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { until } from '@workshop/base';
import { clearLeftServer, portOfRunning, readPostmasterFile } from '../database/cluster.ts';
import { OWNERSHIP_MARK } from '../database/server.ts';
import { makeSpareDatabase, takeSpareDatabase } from '../database/spare-database.ts';
import { seedHash } from '../database/template.ts';
import {
  createTreeDatabase,
  type DatabaseServer,
  ensureTemplate,
  type SeedTemplate,
  startDatabaseServer,
  WorldError,
} from '../index.ts';
import { findProcess } from '../process/process-table.ts';
import { makePassable } from '../server-directory.ts';
import { makeTree, pristineBackendDir, processesIn, startFixture, temporaryFolder } from './trees.ts';

const TIMEOUT = 120_000;

describe('the built-in server', { timeout: TIMEOUT }, () => {
  let server: DatabaseServer;
  let template: SeedTemplate;
  before(async () => {
    server = await startDatabaseServer();
    template = await ensureTemplate(server, pristineBackendDir);
  });
  after(() => server.stop());

  test('seeds once for each content of migrations and seed', async () => {
    const steps: string[] = [];
    const again = await ensureTemplate(server, pristineBackendDir, (step) => steps.push(step));
    assert.deepEqual(again, template);
    assert.deepEqual(steps, []);
    assert.deepEqual(template.rowCounts, { 'public.people': 20, 'public.notes': 100 });

    const changed = path.join(temporaryFolder(), 'app-backend');
    cpSync(pristineBackendDir, changed, { recursive: true });
    assert.equal(seedHash(changed), seedHash(pristineBackendDir));
    appendFileSync(path.join(changed, 'migrations/0001_people.sql'), '-- changed\n');
    assert.notEqual(seedHash(changed), seedHash(pristineBackendDir));
  });

  test('says what a failing seed printed', async () => {
    const broken = path.join(temporaryFolder(), 'app-backend');
    mkdirSync(path.join(broken, 'migrations'), { recursive: true });
    writeFileSync(path.join(broken, 'package.json'), '{"scripts":{"seed":"echo no flour; exit 3"}}');
    await assert.rejects(ensureTemplate(server, broken), (error) => {
      assert.ok(error instanceof WorldError);
      assert.match(error.message, /no flour/);
      return true;
    });
  });

  test('gives every tree a copy of its own, named as on a learner’s machine', async () => {
    const [one, two] = [
      await createTreeDatabase(server, template),
      await createTreeDatabase(server, template),
    ];
    assert.deepEqual([one.name, two.name], ['murmur', 'murmur_2']);
    await one.query('DELETE FROM notes');
    assert.equal((await two.query('SELECT count(*)::int AS n FROM notes')).rows[0].n, 100);
    await Promise.all([one.drop(), two.drop()]);
    assert.equal(await server.hasDatabase('murmur'), false);
  });

  test('gives the copy that was made ahead to one tree, under its own name, and to the next another', async () => {
    await makeSpareDatabase(server, template);
    await makeSpareDatabase(server, template);
    assert.equal(await server.hasDatabase('spare'), true);
    const one = await createTreeDatabase(server, template);
    assert.equal(await server.hasDatabase('spare'), false);
    await makeSpareDatabase(server, template);
    const [two, three] = await Promise.all([
      createTreeDatabase(server, template),
      createTreeDatabase(server, template),
    ]);
    assert.deepEqual([one.name, two.name, three.name], ['murmur', 'murmur_2', 'murmur_3']);
    await one.query('DELETE FROM notes');
    for (const tree of [two, three])
      assert.equal((await tree.query('SELECT count(*)::int AS n FROM notes')).rows[0].n, 100);
    await Promise.all([one, two, three].map((tree) => tree.drop()));
  });

  test('makes a database where the copy that was made ahead is of another seed, or has gone', async () => {
    await makeSpareDatabase(server, template);
    assert.equal(await takeSpareDatabase(server, { ...template, name: 'template_other' }), null);
    await server.dropDatabase('spare');
    const tree = await createTreeDatabase(server, template, 'murmur');
    assert.equal((await tree.query('SELECT count(*)::int AS n FROM notes')).rows[0].n, 100);
    await tree.drop();
  });

  test('leaves nothing of a database that could not be connected to, so that the next tree can have its name', async () => {
    const silent: DatabaseServer = {
      ...server,
      connect: () => Promise.reject(new Error('timeout expired')),
    };
    await assert.rejects(createTreeDatabase(silent, template, 'murmur'), /timeout expired/);
    const tree = await createTreeDatabase(server, template, 'murmur');
    assert.equal((await tree.query('SELECT count(*)::int AS n FROM notes')).rows[0].n, 100);
    await tree.drop();
  });

  test('resets inserts, updates and deletes, and keeps what was there at the mark', async () => {
    const tree = await createTreeDatabase(server, template);
    const content = async () =>
      (await tree.query('SELECT p.*, n.* FROM people p JOIN notes n ON n.person_id = p.id ORDER BY 1, 4'))
        .rows;
    const seeded = await content();
    await tree.query('CREATE TABLE applied (name text)');
    await tree.query("INSERT INTO applied VALUES ('0002')");
    await tree.markSeed();

    await tree.query("INSERT INTO people VALUES (77, 'new')");
    await tree.query("INSERT INTO notes (person_id, text) VALUES (77, 'new'), (1, 'new')");
    await tree.resetToSeed();
    assert.deepEqual(await content(), seeded);

    await tree.query("UPDATE people SET name = 'changed' WHERE id <= 3");
    await tree.query('DELETE FROM notes WHERE id BETWEEN 5 AND 9');
    await tree.query("INSERT INTO applied VALUES ('0003')");
    await tree.resetToSeed();
    await tree.resetToSeed();
    assert.deepEqual(await content(), seeded);
    assert.deepEqual((await tree.query('SELECT name FROM applied')).rows, [{ name: '0002' }]);
    await tree.drop();
  });

  test('locks a table against readers, until let go', async () => {
    const tree = await createTreeDatabase(server, template);
    const letGo = await tree.lock('notes');
    await tree.query("SET statement_timeout = '100ms'");
    await assert.rejects(tree.query('SELECT 1 FROM notes'), /statement timeout/);
    await letGo();
    await tree.query("SET statement_timeout = '5s'");
    assert.equal((await tree.query('SELECT 1 FROM notes')).rowCount, 100);
    await tree.drop();
  });

  test('lets Murmur’s user work in its database, and nothing else', async () => {
    const tree = await createTreeDatabase(server, template);
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: tree.url });
    await client.connect();
    assert.equal(
      (await client.query('SELECT usesuper FROM pg_user WHERE usename = current_user')).rows[0].usesuper,
      false,
    );
    await client.query('CREATE TABLE own (id int)');
    await client.end();
    const stranger = new pg.Client({ connectionString: tree.url.replace(/:[^:@]+@/, ':wrong@') });
    await assert.rejects(stranger.connect(), /password authentication failed/);
    await tree.drop();
  });
});

describe('a real server', { timeout: TIMEOUT }, () => {
  let host: DatabaseServer;
  let real: DatabaseServer;
  let url: string;
  before(async () => {
    host = await startDatabaseServer();
    await host.query('ALTER ROLE murmur CREATEDB');
    url = host.url('postgres');
    real = await startDatabaseServer({ url });
  });
  after(async () => {
    await host.query('ALTER ROLE murmur NOCREATEDB');
    await real.stop();
    await host.stop();
  });

  test('gets databases named murmur_grader_* only', async () => {
    const template = await ensureTemplate(real, pristineBackendDir);
    assert.match(template.name, /^murmur_grader_template_/);
    const tree = await createTreeDatabase(real, template);
    assert.match(tree.name, /^murmur_grader_/);
    await tree.query("INSERT INTO notes (person_id, text) VALUES (1, 'new')");
    await tree.resetToSeed();
    assert.equal((await tree.query('SELECT count(*)::int AS n FROM notes')).rows[0].n, 100);
    await tree.drop();
    await assert.rejects(real.createDatabase('precious'), WorldError);
    await real.dropDatabase(template.name);
  });

  test('keeps every database that we did not make', async () => {
    await host.createDatabase('precious');
    await host.createDatabase('murmur_grader_of_somebody');
    await assert.rejects(real.dropDatabase('precious'), WorldError);
    await assert.rejects(real.dropDatabase('murmur_grader_of_somebody'), WorldError);
    await (await startDatabaseServer({ url })).stop();
    assert.ok(await host.hasDatabase('precious'));
    assert.ok(await host.hasDatabase('murmur_grader_of_somebody'));
  });

  test('loses the databases of a grader that is gone, not those of one that lives', async () => {
    const mark = (pid: number, startTime: string) =>
      `${OWNERSHIP_MARK} ${JSON.stringify({ host: hostname(), pid, startTime })}`;
    await real.createDatabase('murmur_grader_living');
    await real.createDatabase('murmur_grader_dead');
    await real.query(`COMMENT ON DATABASE murmur_grader_dead IS '${mark(process.pid, 'another time')}'`);
    await (await startDatabaseServer({ url })).stop();
    assert.ok(await host.hasDatabase('murmur_grader_living'));
    assert.equal(await host.hasDatabase('murmur_grader_dead'), false);
  });

  test('that does not answer is our trouble, and says so', async () => {
    await assert.rejects(
      startDatabaseServer({ url: 'postgres://nobody@127.0.0.1:9/postgres' }),
      /GRADER_DATABASE_URL/,
    );
    await assert.rejects(async () => startDatabaseServer({ url: 'not a url' }), WorldError);
  });
});

test('the server of npm start keeps its databases, and there is one', { timeout: TIMEOUT }, async () => {
  const directory = makePassable(temporaryFolder());
  const first = await startDatabaseServer({ purpose: 'app', directory });
  assert.equal(await first.ensureDatabase('murmur'), true);
  assert.equal(await first.ensureDatabase('murmur'), false);
  await assert.rejects(async () => startDatabaseServer({ purpose: 'app', directory }), /running already/);
  await first.stop();
  const second = await startDatabaseServer({ purpose: 'app', directory });
  assert.equal(await second.ensureDatabase('murmur'), false);
  await second.stop();
});

test('DATABASE_URL and PG* of the shell are never read', { timeout: TIMEOUT }, async () => {
  let connections = 0;
  const canary = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  const { port } = canary.address() as AddressInfo;
  const shell = {
    DATABASE_URL: `postgres://u:p@127.0.0.1:${port}/canary`,
    PGHOST: '127.0.0.1',
    PGPORT: String(port),
  };
  const script = `
    import { startSystem, stopSharedServer } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
    const system = await startSystem({ treeDir: process.argv[1], pristineBackendDir: process.argv[2] });
    await system.database.query('SELECT 1');
    console.log((await system.stop())[0].output);
    await stopSharedServer();
  `;
  const output = await runScript(script, [makeTree('prints-environment'), pristineBackendDir], shell);
  canary.close();
  assert.match(output, /ENVIRONMENT/, output);
  assert.doesNotMatch(output, new RegExp(`127.0.0.1:${port}`));
  assert.equal(connections, 0);
});

test('two at once get a server each', { timeout: TIMEOUT }, async () => {
  const script = `
    import { startDatabaseServer } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
    const server = await startDatabaseServer();
    await server.query('SELECT 1');
    console.log('PORT ' + server.port);
    process.stdin.resume().once('end', async () => {
      console.log('AGAIN ' + (await server.query('SELECT 40 + 2 AS answer')).rows[0].answer);
      await server.stop();
    });
  `;
  const graders = [startScript(script), startScript(script)];
  const ports = await Promise.all(graders.map((grader) => grader.line(/PORT (\d+)/)));
  for (const grader of graders) grader.child.stdin.end();
  for (const output of await Promise.all(graders.map((grader) => grader.exit)))
    assert.match(output, /AGAIN 42/);
  assert.notEqual(ports[0], ports[1]);
});

test('the server ends when its grader is killed, and its directory is used again', {
  timeout: TIMEOUT,
}, async () => {
  const script = `
    import { startDatabaseServer } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
    const server = await startDatabaseServer();
    console.log('DIRECTORY ' + (await server.query('SHOW data_directory')).rows[0].data_directory + ';');
    setInterval(() => {}, 1000);
  `;
  const grader = startScript(script);
  const directory = await grader.line(/DIRECTORY (.*);/);
  const { pid = 0, port } = readPostmasterFile(directory) ?? {};
  assert.ok(findProcess(pid));
  assert.equal(portOfRunning(directory), port);
  grader.child.kill('SIGKILL');
  await grader.exit;
  assert.ok(await until(() => findProcess(pid) === null), 'the server outlived its grader');
});

test('a postmaster.pid whose pid another program has is cleared, and that program lives', {
  timeout: TIMEOUT,
}, async () => {
  const directory = temporaryFolder();
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  writeFileSync(
    path.join(directory, 'postmaster.pid'),
    `${other.pid}\n${directory}\n1700000000\n5432\n\n127.0.0.1\n\nready\n`,
  );
  assert.equal(portOfRunning(directory), null, 'another program is no server');
  await clearLeftServer(directory);
  assert.equal(existsSync(path.join(directory, 'postmaster.pid')), false);
  assert.ok(findProcess(other.pid ?? 0));
  other.kill('SIGKILL');
});

test('GRADER_DATABASE_URL without a server fails as our own trouble and leaves nothing', {
  timeout: TIMEOUT,
}, async () => {
  const treeDir = makeTree('good');
  process.env.GRADER_DATABASE_URL = 'postgres://nobody@127.0.0.1:9/postgres';
  try {
    await assert.rejects(startFixture(treeDir), WorldError);
  } finally {
    delete process.env.GRADER_DATABASE_URL;
  }
  assert.deepEqual(processesIn(treeDir), []);
});

function startScript(script: string, args: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, ...args], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const exit = new Promise<string>((resolve) => child.once('close', () => resolve(output)));
  const line = async (pattern: RegExp): Promise<string> => {
    await until(() => pattern.test(output) || child.exitCode !== null, { maxMs: 60_000 });
    const found = pattern.exec(output)?.[1];
    assert.ok(found, `expected ${pattern}, got: ${output}`);
    return found;
  };
  after(() => child.kill('SIGKILL'));
  return { child, exit, line };
}

function runScript(script: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  return startScript(script, args, env).exit;
}
