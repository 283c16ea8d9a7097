/** The capture changes nothing that a learner could notice, and lets nobody else in. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type CaptureServer, startCaptureServer } from '../index.ts';
import { FIXTURES, isAlive, learnerEnvironment, startProgram, untilHolds } from './support/program.ts';

const SETUPS = path.join(FIXTURES, 'setups');
const PRELOAD = fileURLToPath(new URL('../node/preload.cjs', import.meta.url));
const SERVER_PROGRAM = 'node app.cjs "NodeTracerProvider registered"';

describe('a program runs as it would without the capture', { concurrency: 2 }, () => {
  let server: CaptureServer;
  before(async () => {
    server = await startCaptureServer();
  });
  after(() => server.close());

  const OTEL = "new (require('@opentelemetry/sdk-trace-node').NodeTracerProvider)().register();";
  const PROGRAMS = {
    'an exit code': 'process.exit(7)',
    'an exit code beside a provider': `${OTEL} process.exitCode = 3`,
    'a natural end beside a provider': `${OTEL} setTimeout(() => console.log('end'), 20)`,
    'an uncaught error': "throw new Error('of the learner')",
    'a rejected promise': `${OTEL} Promise.reject(new Error('of the learner'))`,
    'a port in use':
      "const s = require('http').createServer().listen(0, () => { const t = require('http').createServer(); t.on('error', (e) => { console.log(e.code); s.close(); }); t.listen(s.address().port); });",
    'a port in use, unhandled':
      "const s = require('net').createServer().listen(0, () => require('net').createServer().listen(s.address().port));",
    'a logger of OpenTelemetry':
      "const { diag, DiagConsoleLogger } = require('@opentelemetry/api'); diag.setLogger(new DiagConsoleLogger()); diag.warn('once');",
    'the environment of a child':
      "console.log(require('child_process').execFileSync(process.execPath, ['-p', 'Object.keys(process.env).sort().join()'], { env: { A: '1' } }).toString().trim())",
  };
  for (const [name, code] of Object.entries(PROGRAMS)) {
    test(name, () => {
      const run = (env: Record<string, string>) => {
        const { status, stdout, stderr } = spawnSync('node', ['-e', code], {
          cwd: SETUPS,
          env,
          encoding: 'utf8',
        });
        // Ports differ from run to run, and so do the frames of the capture's own functions.
        const trace = /^\s+at .*\n/gm;
        return { status, stdout, stderr: stderr.replace(trace, '').replace(/\d{4,5}/g, 'N') };
      };
      assert.deepEqual(run(server.environment('api', learnerEnvironment())), run(learnerEnvironment()));
    });
  }
});

describe('who may talk to the grader', () => {
  test('a hello with a wrong token is refused', async () => {
    const server = await startCaptureServer();
    try {
      const env = server.environment('api', learnerEnvironment());
      assert.doesNotMatch(JSON.stringify({ ...env, NODE_OPTIONS: '', PATH: '' }), /token/i);
      const settings = settingsOf(env);
      let hellos = 0;
      server.on('hello', () => hellos++);
      const forge = async (token: unknown) => {
        const socket = connect(settings.port, settings.host);
        socket.write(`${JSON.stringify({ t: 'hello', token, pid: 1, ppid: 1, process: 'api', argv: [] })}\n`);
        socket.resume();
        return socket;
      };
      const forged = await forge('x'.repeat(settings.token.length));
      await once(forged, 'close');
      await once(await forge(undefined), 'close');
      assert.equal(hellos, 0);
      // The right one is let in: so the refusals above were about the token.
      const right = await forge(settings.token);
      await untilHolds(
        () => hellos === 1,
        () => 'the right token was refused',
      );
      right.destroy();
    } finally {
      await server.close();
    }
  });

  test('a program that is heard late, since it or the grader was busy, is not hung up on', async (t) => {
    const server = await startCaptureServer();
    try {
      const { host, port, token } = settingsOf(server.environment('api', learnerEnvironment()));
      let hellos = 0;
      server.on('hello', () => hellos++);
      t.mock.timers.enable({ apis: ['setTimeout'] });
      const socket = connect(port, host);
      socket.on('error', () => {});
      let closed = false;
      socket.on('close', () => {
        closed = true;
      });
      // Sockets are accepted in order: when the second is refused, the first has been there for a while.
      await once(socket, 'connect');
      const second = connect(port, host, () => second.write('{}\n'));
      second.resume();
      await once(second, 'close');
      t.mock.timers.tick(10 * 60_000);
      t.mock.timers.reset();
      socket.write(`${JSON.stringify({ t: 'hello', token, pid: 1, ppid: 1, process: 'api', argv: [] })}\n`);
      await untilHolds(
        () => hellos === 1 || closed,
        () => 'neither heard nor refused',
      );
      assert.equal(hellos, 1, 'it was hung up on before its hello');
      socket.destroy();
    } finally {
      await server.close();
    }
  });

  test('after close() a captured server goes on', async () => {
    const server = await startCaptureServer();
    const program = startProgram(server, SERVER_PROGRAM, { cwd: SETUPS });
    try {
      const { connection, url } = await program.listening();
      await server.close();
      assert.equal(await (await fetch(`${url}/work`)).text(), 'done');
      assert.ok(isAlive(connection.pid));
    } finally {
      await program.stop();
    }
  });

  test('a captured server does not outlive a grader that is gone without a word', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'capture-gone-'));
    const grader = createServer((socket) => socket.once('data', () => socket.destroy()));
    grader.listen(0, '127.0.0.1');
    await once(grader, 'listening');
    const entry = path.join(folder, 'capture.cjs');
    const { port } = grader.address() as AddressInfo;
    const settings = { host: '127.0.0.1', port, token: 't', process: 'api', entry, shimDirectory: folder };
    writeFileSync(entry, `require(${JSON.stringify(PRELOAD)}).start(${JSON.stringify(settings)});`);
    const args = ['--require', entry, 'app.cjs', 'NodeTracerProvider registered'];
    const child = spawn('node', args, { cwd: SETUPS, env: learnerEnvironment() });
    try {
      assert.deepEqual(await once(child, 'exit'), [0, null]);
    } finally {
      child.kill('SIGKILL');
      grader.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('a failed listen is told with port and code', async () => {
    const server = await startCaptureServer();
    const settings = settingsOf(server.environment('api', learnerEnvironment()));
    const failures: unknown[] = [];
    server.on('listen-error', (_connection, failure) => failures.push(failure));
    // It crashes before it can have heard that it is connected to the grader.
    const code = `require('http').createServer().listen(${settings.port}, '127.0.0.1')`;
    const program = startProgram(server, `node -e "${code}"`);
    try {
      assert.deepEqual(await program.exit(), [1, null]);
      await untilHolds(
        () => program.hellos[0]?.lastState() != null,
        () => 'nothing was heard of it',
      );
      assert.deepEqual(failures, [{ port: settings.port, code: 'EADDRINUSE' }]);
      const state = program.hellos[0]?.lastState();
      assert.deepEqual(state?.listenErrors, failures);
    } finally {
      await program.stop();
      await server.close();
    }
  });

  test('tools that serve nothing say nothing, and close() removes the shims', async () => {
    const server = await startCaptureServer();
    const program = startProgram(server, 'npm --version && tsc --version && node -e 0', { cwd: SETUPS });
    const env = server.environment('api', learnerEnvironment());
    const shims = String(env.PATH).split(path.delimiter)[0];
    assert.ok(existsSync(String(shims)));
    assert.deepEqual(await program.exit(), [0, null]);
    assert.deepEqual(program.hellos, []);
    await program.stop();
    await server.close();
    assert.equal(existsSync(String(shims)), false);
  });
});

describe('loaded too late', () => {
  test('modules that were loaded before their instrumentation are named', async () => {
    const server = await startCaptureServer();
    const program = startProgram(server, 'node late.cjs', { cwd: path.join(FIXTURES, 'spans') });
    try {
      const { connection } = await program.listening();
      const { instrumentations, nestLoaded } = await connection.state();
      assert.equal(nestLoaded, true);
      assert.deepEqual(instrumentations, [
        {
          name: '@opentelemetry/instrumentation-http',
          enabled: true,
          modulesLoadedBefore: ['https', 'http'],
        },
        { name: '@opentelemetry/instrumentation-express', enabled: true, modulesLoadedBefore: ['express'] },
        {
          name: '@opentelemetry/instrumentation-nestjs-core',
          enabled: true,
          modulesLoadedBefore: ['@nestjs/core'],
        },
        { name: '@opentelemetry/instrumentation-pg', enabled: true, modulesLoadedBefore: [] },
      ]);
    } finally {
      await program.stop();
      await server.close();
    }
  });
});

describe('a worker, which never listens', () => {
  test('says hello when Nest is loaded, under its own name', async () => {
    const server = await startCaptureServer();
    const program = startProgram(server, `node -e "require('@nestjs/core'); setInterval(() => {}, 1000)"`, {
      cwd: SETUPS,
      name: 'worker',
    });
    try {
      await untilHolds(
        () => program.hellos.length === 1,
        () => `no hello\n${program.output()}`,
      );
      const state = await program.hellos[0]?.state();
      assert.deepEqual([state?.process, state?.nestLoaded, state?.listening], ['worker', true, []]);
    } finally {
      await program.stop();
      await server.close();
    }
  });
});

/** Address and token, from the file that a captured process requires. */
function settingsOf(env: Record<string, string>): { host: string; port: number; token: string } {
  const file = JSON.parse(String(env.NODE_OPTIONS).replace('--require ', ''));
  const [, settings] = /\.start\((.*)\);/.exec(readFileSync(file, 'utf8')) ?? [];
  return JSON.parse(String(settings));
}
