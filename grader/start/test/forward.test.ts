import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { freePort, until } from '@workshop/base';
import { writeForwardState } from '@workshop/lab/honeycomb';
import { startReceiver } from '@workshop/telemetry';
import { MadeUpMurmur } from './made-up-murmur.ts';
import { sendSpanTo } from './murmur-span.ts';

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
  await sendSpanTo(lab.collector);
  assert.ok(await until(() => honeycomb.requests.length > 0, { maxMs: 20_000 }), murmur.output);
  const [sent] = honeycomb.requests;
  assert.equal(sent?.headers['x-honeycomb-team'], 'hcaik_made_up');
  assert.equal(sent?.spans[0]?.resource['deployment.environment.name'], 'Anna');
});
