import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PageLoad, PageTelemetryRecord } from '../../evidence/index.ts';
import { diagnoseStartAfterAngular } from '../diagnosis/page/late-start.ts';
import { diagnosePageSilence } from '../diagnosis/page/page-silence.ts';
import { diagnoseUntraced } from '../diagnosis/page/untraced-request.ts';
import { API_URL, header, ids, pageRecord, pageSpan, traced, visit } from './support/page.ts';

type Angular = NonNullable<PageLoad['angular']>;

const first = header({ path: '/users', atMs: 1200 });
const angular = (given: Partial<Angular> = {}): Angular => ({
  atMs: 1100,
  watched: ['fetch'],
  provider: true,
  ...given,
});
const load = (providerMs: number | null, given: PageLoad['angular'] = angular()): PageLoad => ({
  startedMs: 900,
  providerMs,
  angular: given,
});
const page = (telemetry: Partial<PageTelemetryRecord>) =>
  pageRecord({ telemetry: { ...pageRecord().telemetry, replacedApis: ['fetch'], ...telemetry } });

test('a start after Angular is one where the page says so, and no other', () => {
  const fetched = traced({ path: '/feed' }, ids(1, 2)).client;
  const byHand = pageSpan('GET', { scope: { name: 'murmur-web' } });
  const cases: [string, PageLoad[], typeof fetched, boolean][] = [
    ['provider and fetch before', [load(1000)], fetched, false],
    ['provider after', [load(1150, angular({ provider: false, watched: [] }))], fetched, true],
    [
      'provider after, on the second load',
      [load(1000), load(1150, angular({ provider: false }))],
      fetched,
      true,
    ],
    ['fetch after', [load(1000, angular({ watched: [] }))], fetched, true],
    [
      'spans by an interceptor, so nothing has to watch fetch',
      [load(1000, angular({ watched: [] }))],
      byHand,
      false,
    ],
    ['Angular never began', [load(1000, null)], fetched, false],
    ['never traced, which is another matter', [load(null, angular({ provider: false }))], fetched, false],
    ['an older run', [{ startedMs: 900, providerMs: 1000 }], fetched, false],
  ];
  for (const [what, loads, client, late] of cases) {
    const finding = diagnoseStartAfterAngular(visit({ page: page({ loads }), spans: [client] }), [client]);
    assert.equal(finding?.reason, late ? 'started-after-angular' : undefined, what);
  }
});

test('fetch was watched late where its spans prove it, though the next load never was', () => {
  const later = traced({ path: '/feed', atMs: 2000 }, { ...ids(1, 2), startMs: 2000 });
  const loads = [
    load(1000, angular({ watched: [] })),
    { ...load(5000, angular({ watched: [] })), startedMs: 4900 },
  ];
  const found = (spans: (typeof later.client)[]) =>
    diagnoseUntraced(
      visit({ page: page({ loads, replacedApis: [] }), spans, headers: [first, later.record] }),
      first,
    ).reason;
  assert.equal(found([later.client]), 'started-after-first-request');
  assert.notEqual(
    found([pageSpan('GET', { ...later.client, scope: { name: 'murmur-web' } })]),
    'started-after-first-request',
  );
});

test('a page that made no span is told that it started late only where that is proven', () => {
  const cases: [string, Partial<PageTelemetryRecord>, string][] = [
    ['provider later', { loads: [load(1900)] }, 'started-after-first-request'],
    [
      'on the next load only',
      { loads: [load(null), { ...load(9900), startedMs: 5000 }] },
      'started-after-first-request',
    ],
    ['fetch later', { loads: [load(1000, angular({ watched: [] }))] }, 'started-after-first-request'],
    ['nothing watches', { loads: [load(1000)], replacedApis: [] }, 'instrumentation-missing'],
    ['fetch in time', { loads: [load(1000)] }, 'instrumentation-missing'],
    ['no provider', { loads: [load(null)], providers: [] }, 'provider-not-registered'],
    ['nothing at all', { loads: [load(null)], providers: [], replacedApis: [] }, 'no-provider'],
  ];
  for (const [what, telemetry, reason] of cases) {
    const evidence = visit({ page: page(telemetry), spans: [], headers: [first] });
    assert.equal(diagnosePageSilence(evidence, '')?.reason, reason, what);
  }
});

test('a request is said to be dropped by the sampler where a dropped span of its address is there', () => {
  const other = traced({ path: '/feed' }, { ...ids(1, 2), startMs: 2000 });
  const dropped = (path: string) => [{ spanId: 'a', name: 'GET', url: `${API_URL}${path}` }];
  for (const [unsampled, reason] of [
    [dropped('/users'), 'not-sampled'],
    [dropped('/feed'), 'span-missing'],
    [[], 'span-missing'],
  ] as const) {
    const evidence = visit({
      page: page({ loads: [load(1000)], notSampled: unsampled.length, unsampled: [...unsampled] }),
      spans: [other.client],
      headers: [first, other.record],
    });
    assert.equal(diagnoseUntraced(evidence, first).reason, reason);
  }
});
