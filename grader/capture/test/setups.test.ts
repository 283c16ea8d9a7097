/** Every way in which learners set up OpenTelemetry is captured: completely, once, and told apart. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startCaptureServer } from '../index.ts';
import { FIXTURES, spansOf, startProgram } from './support/program.ts';

const APP = path.join(FIXTURES, 'setups/app.cjs');
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PACKAGES = path.join(ROOT, 'node_modules');

async function capture(script: string, env: Record<string, string> = {}) {
  const server = await startCaptureServer();
  const program = startProgram(server, script, { env });
  try {
    return await spansOf(program);
  } finally {
    await program.stop();
    await server.close();
  }
}

const node = (...args: string[]) => ['node', ...args.map((arg) => JSON.stringify(arg))].join(' ');

interface Expected {
  /** [class, is it the global one] of every provider */
  attached: [provider: string, registered: boolean][];
  spans?: boolean;
  duplicates?: number;
  notSampled?: number;
}
const one = (provider: string, registered = true): Expected => ({ attached: [[provider, registered]] });

const SETUPS: Record<string, Expected> = {
  'NodeSDK with an exporter': one('TracerProvider'),
  'NodeSDK with processors': one('TracerProvider'),
  'NodeSDK from the environment only': one('TracerProvider'),
  'NodeSDK shut down afterwards': one('TracerProvider'),
  'two providers that share one array of processors': {
    attached: [
      ['NodeTracerProvider', false],
      ['NodeTracerProvider', true],
    ],
  },
  'NodeTracerProvider registered': one('NodeTracerProvider'),
  'NodeTracerProvider without processors': one('NodeTracerProvider'),
  'BasicTracerProvider registered': one('BasicTracerProvider'),
  'BasicTracerProvider not registered': one('BasicTracerProvider', false),
  'TracerProvider of sdk-trace registered': one('TracerProvider'),
  'TracerProvider of sdk-trace not registered': one('TracerProvider', false),
  'a subclass of BasicTracerProvider': one('OwnProvider', false),
  'disabled and registered again': {
    attached: [
      ['BasicTracerProvider', false],
      ['BasicTracerProvider', true],
    ],
  },
  'a second provider, refused': {
    attached: [
      ['BasicTracerProvider', true],
      ['BasicTracerProvider', false],
    ],
    duplicates: 1,
  },
  'the API object on globalThis deleted first': one('TracerProvider'),
  'console, process.send and timers replaced': one('TracerProvider'),
  'only the API': { attached: [], spans: false },
  'nothing is sampled': { ...one('TracerProvider'), spans: false, notSampled: 2 },
};

type Captured = Awaited<ReturnType<typeof capture>>;

function assertWorkAndStep({ spans, unended, settled, state }: Captured) {
  const own = spans.filter(({ scope }) => scope.name === 'app');
  assert.deepEqual(own.map(({ name }) => name).sort(), ['step', 'work'], JSON.stringify(state, null, 1));
  const [work, step] = ['work', 'step'].map((name) => own.find((span) => span.name === name));
  assert.equal(step?.parentSpanId, work?.spanId);
  assert.equal(step?.traceId, work?.traceId);
  assert.deepEqual(unended, []);
  assert.equal(settled, true);
  assert.equal(state.spansStarted, state.spansEnded);
}

describe('set-ups of OpenTelemetry', { concurrency: 2 }, () => {
  for (const [name, expected] of Object.entries(SETUPS)) {
    test(name, async () => {
      const captured = await capture(node(APP, name));
      const { state } = captured;
      const attached = state.attached.map(({ provider, registered }) => [provider, registered]);
      assert.deepEqual(attached, expected.attached);
      if (expected.spans === false) assert.deepEqual(captured.spans, []);
      else assertWorkAndStep(captured);
      assert.equal(state.duplicateRegistrations, expected.duplicates ?? 0);
      assert.equal(state.notSampled, expected.notSampled ?? 0);
      assert.deepEqual(state.warnings, []);
    });
  }

  test('auto-instrumentations, registered by a flag of a script of its own', async () => {
    const register = '--require @opentelemetry/auto-instrumentations-node/register';
    const captured = await capture(
      `${process.platform === 'win32' ? 'cross-env ' : ''}NODE_OPTIONS="${register}" ${node(APP, 'only the API')}`,
      { OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http' },
    );
    assertWorkAndStep(captured);
    const server = captured.spans.find(({ kind }) => kind === 'SERVER');
    assert.equal(server?.scope.name, '@opentelemetry/instrumentation-http');
    const http = captured.state.instrumentations.find(({ name }) => name.endsWith('instrumentation-http'));
    assert.deepEqual(http, {
      name: '@opentelemetry/instrumentation-http',
      enabled: true,
      modulesLoadedBefore: [],
    });
  });

  test('NodeSDK in an ES module', async () => {
    assertWorkAndStep(await capture(node(path.join(FIXTURES, 'setups/app.mjs'))));
  });

  describe('second copies of packages', () => {
    let folder: string;
    before(() => {
      // Inside the repository, so that what is not copied is found at its root.
      const scratch = path.join(ROOT, '.workshop');
      mkdirSync(scratch, { recursive: true });
      folder = mkdtempSync(path.join(scratch, 'second copies '));
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    /** A folder with copies of some packages. */
    function copyOf(name: string, ...packages: string[]): string {
      const copy = path.join(folder, name);
      for (const one of packages) {
        const to = path.join(copy, 'node_modules', one);
        mkdirSync(to, { recursive: true });
        cpSync(path.join(PACKAGES, one, 'package.json'), path.join(to, 'package.json'));
        cpSync(path.join(PACKAGES, one, 'build/src'), path.join(to, 'build/src'), { recursive: true });
      }
      return copy;
    }
    const WHOLE_SDK = ['api', 'core', 'resources', 'sdk-trace', 'sdk-trace-base'];

    for (const setup of ['BasicTracerProvider registered', 'BasicTracerProvider not registered']) {
      test(`${setup}, of a second copy of SDK and API`, async () => {
        const copy = copyOf(setup, ...WHOLE_SDK.map((name) => `@opentelemetry/${name}`));
        const captured = await capture(node(APP, setup, copy));
        assertWorkAndStep(captured);
        assert.deepEqual(
          captured.state.attached.map(({ provider }) => provider),
          ['BasicTracerProvider'],
        );
        const { version } = JSON.parse(
          readFileSync(path.join(PACKAGES, '@opentelemetry/api/package.json'), 'utf8'),
        );
        assert.ok(captured.state.sdkPackagesLoaded.includes(`@opentelemetry/api@${version}`));
      });
    }
  });
});
