import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { freePort, until } from '@workshop/base';
import { startReceiver } from '@workshop/telemetry';
import { openLab } from '../lab.ts';
import { MadeUpMurmur } from './made-up-murmur.ts';
import { sendSpanTo } from './murmur-span.ts';

test('npm start sends what its lab receives to the Collector of a class, too, and says so first', async () => {
  const collector = await startReceiver({ record: true });
  const murmur = new MadeUpMurmur();
  after(async () => {
    await murmur.remove();
    await collector.close();
  });
  const lab = { api: await freePort(), collector: await freePort() };
  await murmur.start({ lab, env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
  await murmur.prints(`[lab]    Your spans also go to ${collector.url}, as "learner-`);
  assert.equal(collector.requests.length, 0);
  await murmur.prints('Murmur runs.');
  await sendSpanTo(lab.collector, { 'host.name': 'a-laptop' });
  assert.ok(await until(() => collector.requests.length > 0, { maxMs: 20_000 }), murmur.output);
  const [sent] = collector.requests[0]?.spans ?? [];
  assert.match(String(sent?.resource['deployment.environment.name']), /^learner-/);
  assert.equal(sent?.resource['host.name'], undefined);
  const kept = await fetch(`http://127.0.0.1:${lab.api}/api/traces`);
  assert.equal(((await kept.json()) as { traces: object[] }).traces.length, 1);
});

test('with --store it needs a Collector for its spans, and says so before it starts', async () => {
  const options = { root: '.', pageOrigin: '', shell: {}, say: () => {} };
  const ports = { api: 1, page: 1, lab: 1, collector: 4318 };
  await assert.rejects(
    openLab({ ...options, ports, store: 'clickhouse://db.example/otel' }),
    /With --store the lab collects nothing, so Murmur needs another place for its spans/,
  );
});
