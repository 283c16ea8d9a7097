import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  diskFinding,
  gitFinding,
  memoryFinding,
  nodeFinding,
  pathProblem,
  portFindings,
} from '../doctor/machine.ts';
import { packagesFinding } from '../doctor/packages.ts';
import { honeycombFinding } from '../doctor/services.ts';

async function inFolder(test: (root: string) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'doctor-'));
  try {
    await test(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

describe('doctor', () => {
  test('compares what is installed with the lock file', () =>
    inFolder(async (root) => {
      const lock = (packages: object): string => JSON.stringify({ packages });
      const wanted = {
        '': {},
        lab: {},
        'node_modules/a': { version: '1.0.0' },
        'node_modules/a/node_modules/b': { version: '2.0.0' },
        'node_modules/@workshop/lab': { link: true },
        'node_modules/for-another-system': { version: '1.0.0', optional: true },
      };
      const write = async (installed: object): Promise<void> => {
        await mkdir(join(root, 'node_modules'), { recursive: true });
        await writeFile(join(root, 'node_modules/.package-lock.json'), lock(installed));
      };
      assert.match((await packagesFinding(root)).text, /package-lock\.json is missing/);
      await writeFile(join(root, 'package-lock.json'), lock(wanted));
      const none = await packagesFinding(root);
      assert.deepEqual([none.state, none.advice], ['missing', 'Run npm ci.']);
      await write({
        'node_modules/a': { version: '1.0.0' },
        'node_modules/a/node_modules/b': { version: '2.0.0' },
      });
      assert.equal((await packagesFinding(root)).state, 'ok');
      await write({ 'node_modules/a': { version: '1.0.1' } });
      const wrong = await packagesFinding(root);
      assert.equal(wrong.state, 'missing');
      assert.match(wrong.text, /a is 1\.0\.1, wanted is 1\.0\.0, and 1 more\./);
    }));

  test('tells a taken port from a free one', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const look = async () => (await portFindings([{ port, use: 'the API', option: '--api-port' }]))[0];
    const taken = await look();
    assert.equal(taken?.state, 'warning');
    assert.match(taken.advice ?? '', new RegExp(`--api-port ${port + 10}`));
    server.close();
    await once(server, 'close');
    assert.equal((await look())?.state, 'ok');
  });

  test('knows when Node, disk and memory are not as they should be', () => {
    assert.equal(nodeFinding('26.10.0', '26.10.0', 'node').state, 'ok');
    assert.match(nodeFinding('24.1.0', '26.10.0', '/usr/bin/node').text, /24\.1\.0 from \/usr\/bin\/node/);
    const gib = 2 ** 30;
    assert.deepEqual(
      [0.1, 0.5, 5].map((free) => diskFinding(free * gib).state),
      ['missing', 'warning', 'ok'],
    );
    assert.deepEqual(
      [1, 8].map((total) => memoryFinding(total * gib).state),
      ['warning', 'ok'],
    );
  });

  test('knows paths that give trouble', () => {
    const stateOf = (path: string, platform: string) => pathProblem(path, platform)?.state ?? 'ok';
    assert.equal(stateOf('/srv/my code/workshop', 'linux'), 'ok');
    assert.equal(stateOf('/srv/it\u0027s/workshop', 'linux'), 'ok');
    assert.equal(stateOf('/srv/a"b/workshop', 'linux'), 'missing');
    assert.equal(stateOf('C:\\code;old\\workshop', 'win32'), 'missing');
    assert.equal(stateOf('/mnt/c/workshop', 'linux'), 'warning');
    assert.equal(stateOf('/srv/OneDrive/workshop', 'darwin'), 'warning');
    assert.equal(stateOf(`C:\\${'long\\'.repeat(30)}`, 'win32'), 'warning');
  });

  test('says that keys are set, and never shows one', () =>
    inFolder(async (root) => {
      await writeFile(join(root, 'honeycomb.env'), 'HONEYCOMB_API_KEY=hcaik_0123456789secret\n');
      const finding = await honeycombFinding(root);
      assert.equal(finding.state, 'ok');
      assert.match(finding.text, /HONEYCOMB_API_KEY/);
      assert.doesNotMatch(JSON.stringify(finding), /hcaik|0123456789|secret/);
    }));

  test('knows a folder that git does not know', () =>
    inFolder(async (root) => {
      const { state, text } = gitFinding(root);
      assert.equal(state, 'warning');
      assert.match(text, /no git repository|not there/);
    }));
});
