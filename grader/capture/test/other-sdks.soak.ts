/**
 * Versions of the SDK that learners install beside the root's: 1.30, 2.2 and 3.
 *
 * They come from the registry into .workshop/other-sdks the first time, so this is no part of `npm test`, which needs
 * no network.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startCaptureServer } from '../index.ts';
import { FIXTURES, spansOf, startProgram } from './support/program.ts';

const CACHE = fileURLToPath(new URL('../../../.workshop/other-sdks/', import.meta.url));
const APP = path.join(FIXTURES, 'setups/app.cjs');

const VERSIONS: Record<string, Record<string, string>> = {
  '1.30': {
    '@opentelemetry/api': '1.8.0',
    '@opentelemetry/sdk-trace-base': '1.30.1',
    '@opentelemetry/sdk-trace-node': '1.30.1',
  },
  '2.2': {
    '@opentelemetry/api': '1.9.0',
    '@opentelemetry/sdk-trace-base': '2.2.0',
    '@opentelemetry/sdk-trace-node': '2.2.0',
  },
  '3': {
    '@opentelemetry/api': '1.10.0',
    '@opentelemetry/sdk-trace': '3.1.1',
    '@opentelemetry/sdk-node': '0.301.0',
  },
};
const OF_1_AND_2 = [
  'NodeTracerProvider registered',
  'NodeTracerProvider without processors',
  'BasicTracerProvider registered',
  'BasicTracerProvider not registered',
  'disabled and registered again',
  'a second provider, refused',
];
const SETUPS: Record<string, string[]> = {
  '1.30': [...OF_1_AND_2, 'SDK 1, processor added later'],
  '2.2': OF_1_AND_2,
  '3': [
    'NodeSDK from the environment only',
    'TracerProvider of sdk-trace registered',
    'TracerProvider of sdk-trace not registered',
    'the API object on globalThis deleted first',
    'an ES module',
  ],
};

/** The folder of a version's packages, installed if it is not there. */
function packagesOf(version: string): string {
  const folder = path.join(CACHE, version);
  if (existsSync(path.join(folder, 'complete'))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const manifest = { private: true, dependencies: VERSIONS[version] };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  const npm = 'npm install --no-audit --no-fund --ignore-scripts --no-workspaces';
  execFileSync(npm, { cwd: folder, shell: true, stdio: 'pipe', timeout: 120_000 });
  writeFileSync(path.join(folder, 'complete'), '');
  return folder;
}

describe('other versions of the SDK', { concurrency: 2 }, () => {
  for (const [version, setups] of Object.entries(SETUPS)) {
    const folder = packagesOf(version);
    for (const setup of setups) {
      test(`SDK ${version}: ${setup}`, async () => {
        let script = `node "${APP}" "${setup}" "${folder}"`;
        if (setup === 'an ES module') {
          // Imports are resolved from where the file is.
          cpSync(path.join(FIXTURES, 'setups/app.mjs'), path.join(folder, 'app.mjs'));
          script = `node "${path.join(folder, 'app.mjs')}"`;
        }
        const server = await startCaptureServer();
        const program = startProgram(server, script);
        try {
          const { spans, unended, settled, state } = await spansOf(program);
          assert.deepEqual(
            spans.map(({ name }) => name).sort(),
            ['step', 'work'],
            JSON.stringify(state, null, 1),
          );
          const [step, work] = ['step', 'work'].map((name) => spans.find((span) => span.name === name));
          assert.equal(step?.parentSpanId, work?.spanId);
          assert.equal(step?.scope.name, 'app');
          assert.deepEqual([unended, settled, state.warnings], [[], true, []]);
          assert.equal(
            state.attached.some(({ registered }) => registered),
            !setup.endsWith('not registered'),
          );
          assert.equal(state.duplicateRegistrations, setup === 'a second provider, refused' ? 1 : 0);
        } finally {
          await program.stop();
          await server.close();
        }
      });
    }
  }
});
