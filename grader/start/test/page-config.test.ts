import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TRAFFIC_USER_AGENT } from '../../traffic/index.ts';
import { addressesOf } from '../addresses.ts';
import { configFor } from '../page-config.ts';

const ports = { api: 3000, page: 4200, lab: 4000, collector: 4318 };
const space = addressesOf(ports, { CODESPACE_NAME: 'fox' });
const onePlace = { apiUrl: '/api', collectorUrl: '/collector' };
const twoOrigins = { apiUrl: 'http://localhost:3000', collectorUrl: 'http://localhost:4318' };
const traffic = `Mozilla/5.0 HeadlessChrome/153.0.0.0 ${TRAFFIC_USER_AGENT}`;

describe('config.json in Codespaces', () => {
  test('names paths to people, even where their browser calls the page localhost', () => {
    for (const host of ['fox-4200.app.github.dev', 'localhost:4200'])
      assert.deepEqual(configFor({ host, 'user-agent': 'Mozilla/5.0 Chrome/153' }, space), onePlace);
  });

  test('names two origins to the browser of our traffic on this machine', () => {
    for (const host of ['localhost:4200', '127.0.0.1:4200', '[::1]:4200'])
      assert.deepEqual(configFor({ host, 'user-agent': traffic }, space), twoOrigins);
  });

  test('names paths to traffic that comes from outside', () => {
    const forwarded = { host: 'fox-4200.app.github.dev', 'user-agent': traffic };
    assert.deepEqual(configFor(forwarded, space), onePlace);
    const rewritten = { ...forwarded, host: 'localhost:4200', 'x-forwarded-host': forwarded.host };
    assert.deepEqual(configFor(rewritten, space), onePlace);
  });

  test('is the same for everybody on a laptop', () => {
    const laptop = addressesOf(ports, {});
    for (const agent of ['Mozilla/5.0', traffic])
      assert.deepEqual(configFor({ host: 'localhost:4200', 'user-agent': agent }, laptop), twoOrigins);
  });
});
