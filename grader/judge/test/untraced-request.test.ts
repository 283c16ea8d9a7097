import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EvidenceSpan, PageTelemetryRecord } from '../../evidence/index.ts';
import { diagnoseUntraced } from '../diagnosis/page/untraced-request.ts';
import { API_URL, header, ids, pageRecord, pageSpan, traced, visit } from './support/page.ts';

const untraced = header({ path: '/users', atMs: 1200 });
const load = pageSpan('documentLoad', { kind: 'INTERNAL', scope: { name: 'document-load' }, startMs: 900 });
const later = traced({ path: '/feed' }, { ...ids(1, 2), startMs: 2000 });
const sameLater = traced({ path: '/users' }, { ...ids(1, 3), startMs: 2000 });

function found(telemetry: Partial<PageTelemetryRecord>, others: (typeof later)[] = []) {
  const spans: EvidenceSpan[] = [load, ...others.map(({ client }) => client)];
  const page = pageRecord({ telemetry: { ...pageRecord().telemetry, ...telemetry } });
  const headers = [untraced, ...others.map(({ record }) => record)];
  return diagnoseUntraced(visit({ page, spans, headers }), untraced);
}

test('a request without a span has the cause that the evidence proves, else none', () => {
  const loads = (providerMs: number | null) => [{ startedMs: 900, providerMs }];
  const fetched = { [API_URL]: ['fetch'] };
  const xhr = { [API_URL]: ['XMLHttpRequest'] };
  const cases: [string, Partial<PageTelemetryRecord>, (typeof later)[], string, RegExp | null][] = [
    ['sent before', { loads: loads(1500) }, [later], 'started-after-first-request', /before tracing started/],
    ['sent after', { loads: loads(1000) }, [later], 'span-missing', null],
    ['older, same address', {}, [sameLater], 'started-after-first-request', /before tracing started/],
    ['older, another address', {}, [later], 'span-missing', null],
    [
      'none, sent before',
      { loads: loads(1500), replacedApis: ['fetch'] },
      [],
      'started-after-first-request',
      /./,
    ],
    [
      'none, watched',
      { loads: loads(1000), replacedApis: ['fetch'], sentBy: fetched },
      [],
      'span-missing',
      null,
    ],
    [
      'by XHR',
      { replacedApis: ['fetch'], sentBy: xhr },
      [],
      'wrong-browser-api-instrumented',
      /XMLHttpRequest/,
    ],
    [
      'by fetch',
      { replacedApis: ['XMLHttpRequest'], sentBy: fetched },
      [],
      'wrong-browser-api-instrumented',
      /fetch/,
    ],
    ['unwatched', { replacedApis: [], sentBy: fetched }, [], 'instrumentation-missing', null],
  ];
  for (const [what, telemetry, others, reason, cause] of cases) {
    const finding = found(telemetry, others);
    assert.equal(finding.reason, reason, what);
    if (cause) assert.match(finding.cause ?? '', cause, what);
    else assert.equal(finding.cause, undefined, what);
  }
});
