import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addressBlock } from '../address-block.ts';
import { addressesOf } from '../addresses.ts';
import { appEnvironment } from '../environment.ts';
import { takenMessage } from '../ports.ts';

const ports = { api: 3000, page: 4200, lab: 4000, collector: 4318 };

describe('addresses', () => {
  test('give every part an origin of its own on a laptop', () => {
    const { config, sameOrigin, page } = addressesOf(ports, {});
    assert.deepEqual(config, { apiUrl: 'http://localhost:3000', collectorUrl: 'http://localhost:4318' });
    assert.equal(sameOrigin, false);
    assert.equal(page, 'http://localhost:4200');
  });

  test('share the origin of the page in Codespaces', () => {
    const found = addressesOf(ports, {
      CODESPACE_NAME: 'Fuzzy-fish',
      GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: 'forwarded.example',
    });
    assert.deepEqual(found.config, { apiUrl: '/api', collectorUrl: '/collector' });
    assert.deepEqual(found.localConfig, {
      apiUrl: 'http://localhost:3000',
      collectorUrl: 'http://localhost:4318',
    });
    assert.equal(found.allowedOrigin, 'http://localhost:4200');
    assert.equal(found.sameOrigin, true);
    assert.equal(found.lab, 'https://Fuzzy-fish-4000.forwarded.example');
    assert.equal(found.collector, 'http://localhost:4318');
    assert.deepEqual(found.apiHosts, ['fuzzy-fish-3000.forwarded.example']);
    assert.deepEqual(found.pageHosts.toSorted(), [
      '127.0.0.1:4200',
      '[::1]:4200',
      'fuzzy-fish-4200.forwarded.example',
      'localhost:4200',
    ]);
  });

  test('are printed in one block of at most 80 columns', () => {
    const block = addressBlock(
      {
        addresses: addressesOf(ports, {}),
        state: { api: true, page: 'building', lab: null, database: 'built in' },
      },
      { databaseDelayMs: 3, networkDelayMs: 120, clockSkewSeconds: -5, page: true, lab: true, grader: true },
      '03',
    );
    assert.match(block, /Open http:\/\/localhost:4000\/learn\/03 :/);
    assert.match(block, /Murmur +http:\/\/localhost:4200 +\(being built\)\n/);
    assert.match(block, /Save a file: it runs anew and is graded/);
    assert.match(block, /Database +built in, 3 ms away each way \(6 ms there and back\)/);
    assert.match(block, /Network +the API is 120 ms away each way/);
    assert.match(block, /Clock +the API's is 5 s behind/);
    assert.ok(block.split('\n').every((line) => line.length <= 80));
  });
});

describe("the apps' environment", () => {
  const wanted = {
    packageDir: '/murmur/app-backend',
    port: 3000,
    databaseUrl: 'postgres://through-the-delay',
    pageOrigin: 'http://localhost:4200',
    collectorUrl: 'http://localhost:4318',
    color: false,
  };

  test('reaches the lab by the standard variables, and names no service', () => {
    const found = appEnvironment({ ...wanted, shell: { DATABASE_URL: 'postgres://far', PATH: '/bin' } });
    assert.equal(found.OTEL_EXPORTER_OTLP_ENDPOINT, 'http://localhost:4318');
    assert.equal(found.OTEL_METRICS_EXPORTER, 'none');
    assert.equal(found.OTEL_LOGS_EXPORTER, 'none');
    assert.equal(found.OTEL_SERVICE_NAME, undefined);
    assert.equal(found.OTEL_TRACES_EXPORTER, undefined);
    assert.equal(found.DATABASE_URL, 'postgres://through-the-delay');
    assert.equal(found.PORT, '3000');
  });

  test('has a secret for sessions wherever it is started, unless the shell has another', () => {
    assert.ok(appEnvironment({ ...wanted, shell: { NODE_ENV: 'production' } }).SESSION_SECRET);
    assert.equal(appEnvironment({ ...wanted, shell: { SESSION_SECRET: 'mine' } }).SESSION_SECRET, 'mine');
  });

  test('tells the API under which other names it is reached', () => {
    const apiHosts = ['fuzzy-fish-3000.forwarded.example'];
    const { ALLOWED_HOSTS } = appEnvironment({ ...wanted, apiHosts, shell: {} });
    assert.equal(ALLOWED_HOSTS, 'fuzzy-fish-3000.forwarded.example');
  });

  test("keeps what the shell says about telemetry, but not Honeycomb's keys", () => {
    const shell = { OTEL_TRACES_SAMPLER_ARG: '0.1', HONEYCOMB_API_KEY: 'key', HONEYCOMB_CONFIG_KEY: 'key' };
    const found = appEnvironment({ ...wanted, shell });
    assert.equal(found.OTEL_TRACES_SAMPLER_ARG, '0.1');
    assert.ok(!Object.values(found).includes('key'));
  });

  test('sets the clock wrong before anything else is loaded, and only if asked', () => {
    const shell = { NODE_OPTIONS: '--no-warnings' };
    const found = appEnvironment({ ...wanted, shell, clockSkewSeconds: -5 });
    assert.match(found.NODE_OPTIONS!, /^--require ".*clock\.cjs" --no-warnings$/);
    assert.equal(found.WORKSHOP_CLOCK_SKEW_MS, '-5000');
    assert.equal(appEnvironment({ ...wanted, shell, clockSkewSeconds: null }).NODE_OPTIONS, '--no-warnings');
  });
});

describe('the message about taken ports', () => {
  const api = { port: 3000, user: 'the API', option: '--api-port', holder: null };
  const page = { port: 4200, user: 'the page', option: '--page-port', holder: null };

  test('names them all, and how to find the program where the system does not say', () => {
    const text = takenMessage([api, page], 'linux');
    assert.match(
      text,
      /Port 3000 is taken, and the API needs it\.\nPort 4200 is taken, and the page needs it\./,
    );
    assert.match(text, /lsof -i :3000/);
    assert.match(text, /npm start -- --api-port 3010 --page-port 4210/);
    assert.match(takenMessage([api, page], 'win32'), /netstat -ano \| findstr :3000/);
  });

  test('says who holds them, and what to do about another npm start', () => {
    const other = { pid: 12, command: 'python3 -m http.server 3000' };
    const text = takenMessage([{ ...api, holder: other }, page], 'linux');
    assert.match(text, /^ {2}It is held by process 12: python3 -m http\.server 3000$/m);
    assert.doesNotMatch(text, /lsof/);
    const ours = { pid: 13, command: 'node grader/cli/workshop.ts start' };
    assert.match(takenMessage([{ ...api, holder: ours }], 'linux'), /^Another "npm start" runs\. Stop it/m);
  });
});
