import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { freePort, until } from '@workshop/base';
import { writeForwardState } from '@workshop/lab/honeycomb';
import { encodeTraceRequest, startReceiver } from '@workshop/telemetry';
import { MadeUpMurmur } from './made-up-murmur.ts';

const span = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  name: 'GET /feed',
  kind: 'SERVER' as const,
  startMs: Date.now(),
  durationMs: 1,
  status: { code: 'UNSET' as const },
  attributes: {},
  events: [],
  links: [],
  resource: { 'service.name': 'murmur-api' },
  scope: { name: 'test' },
};

test('npm start sends what its lab receives to Honeycomb, once forwarding is on', async () => {
  const honeycomb = await startReceiver({ record: true });
  const murmur = new MadeUpMurmur();
  after(async () => {
    await murmur.remove();
    await honeycomb.close();
  });
  const lab = { api: await freePort(), collector: await freePort() };
  const env = { HONEYCOMB_API_KEY: 'hcaik_made_up', HONEYCOMB_API_ENDPOINT: honeycomb.url };
  await murmur.start({ lab, env });
  await murmur.prints('Murmur runs.');
  writeForwardState(murmur.root, { on: true, name: 'Anna' });
  await murmur.prints(`[lab]    Honeycomb: forwarding to ${honeycomb.url}.`);
  const answer = await fetch(`http://127.0.0.1:${lab.collector}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: encodeTraceRequest([span], 'protobuf'),
  });
  assert.equal(answer.status, 200);
  assert.ok(await until(() => honeycomb.requests.length > 0, { maxMs: 20_000 }), murmur.output);
  const [sent] = honeycomb.requests;
  assert.equal(sent?.headers['x-honeycomb-team'], 'hcaik_made_up');
  assert.equal(sent?.spans[0]?.resource['deployment.environment.name'], 'Anna');
});
