/** Whatever a start script looks like, the server below it is captured, and only the server says hello. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startCaptureServer } from '../index.ts';
import { FIXTURES, spansOf, startProgram } from './support/program.ts';

const SCRIPTS = path.join(FIXTURES, 'scripts');
const APP = 'node -r ./tracing.cjs app.cjs';

interface Shape {
  script: string;
  cwd?: string;
  path?: string;
  /** why it is not run */
  skip?: string | false;
}
const posixOnly = process.platform === 'win32' && 'needs a POSIX shell';

const SHAPES: Record<string, Shape> = {
  'ts-node': { script: 'ts-node main.ts', cwd: path.join(FIXTURES, 'nest'), path: '/hello' },
  'node -r': { script: APP },
  'build && node': { script: 'npm run -s build && node -r ./tracing.cjs dist/app.cjs' },
  npm: { script: 'npm start' },
  'npm in npm': { script: 'npm run nested' },
  'npm in npm with NODE_OPTIONS of its own': { script: 'npm run nested-own-options', skip: posixOnly },
  'run-s': { script: 'npm run series' },
  nodemon: { script: 'nodemon --quiet -r ./tracing.cjs app.cjs' },
  'node --watch': { script: 'node --watch -r ./tracing.cjs app.cjs' },
  'cross-env': { script: `cross-env COLOUR=blue ${APP}` },
  'cross-env that sets NODE_OPTIONS': { script: `cross-env NODE_OPTIONS=--enable-source-maps ${APP}` },
  'a script that sets NODE_OPTIONS': { script: `NODE_OPTIONS=--enable-source-maps ${APP}`, skip: posixOnly },
  'a script that requires tracing in NODE_OPTIONS': {
    script: 'NODE_OPTIONS="--require ./tracing.cjs" node app.cjs',
    skip: posixOnly,
  },
  'env -i': { script: `env -i PATH="$PATH" PORT="$PORT" ${APP}`, skip: posixOnly },
  'a subshell in the background': { script: `( ${APP} & )`, skip: posixOnly },
  setsid: { script: `setsid ${APP}`, skip: process.platform !== 'linux' && 'needs setsid' },
  'node started by its own path, with an empty environment': { script: 'node run-node.cjs' },
  'an ES module': { script: 'node --no-deprecation --import ./tracing.mjs app.mjs' },
  'node started through a shell of its own, as nest start does': { script: 'node nest-start.cjs' },
};

describe('shapes of start scripts', { concurrency: 2 }, () => {
  let folder: string;
  let usual: string | undefined;
  before(() => {
    // All of this in a path with a space and a quote, as on many a learner's machine.
    folder = mkdtempSync(path.join(tmpdir(), "capture o'brien "));
    usual = process.env.TMPDIR;
    process.env.TMPDIR = folder;
  });
  after(() => {
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
    rmSync(folder, { recursive: true, force: true });
    rmSync(path.join(SCRIPTS, 'dist'), { recursive: true, force: true });
  });

  for (const [name, { script, cwd = SCRIPTS, path: requestPath, skip }] of Object.entries(SHAPES)) {
    test(name, { skip }, async () => {
      mkdirSync(folder, { recursive: true });
      const server = await startCaptureServer();
      const program = startProgram(server, script, { cwd });
      try {
        const { spans, state, settled } = await spansOf(program, requestPath);
        assert.equal(settled, true);
        assert.deepEqual(
          spans.filter(({ kind }) => kind === 'SERVER').map((span) => span.scope.name),
          ['@opentelemetry/instrumentation-http'],
          JSON.stringify(state, null, 1),
        );
        assert.equal(state.attached.length, 1);
        assert.equal(program.hellos.length, 1, `said hello: ${program.hellos.map(({ argv }) => argv)}`);
        assert.doesNotMatch(program.output(), /capture|warning|error/i);
      } finally {
        await program.stop();
        await server.close();
      }
    });
  }
});
