import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request, serverSpan } from '@workshop/grader/test/evidence';
import type { EvidenceSpan } from '../../evidence/index.ts';
import { diagnoseOpenOrigin } from '../diagnosis/propagation/open-origin.ts';
import { diagnoseNotBelowPage } from '../diagnosis/propagation/parent-in-api.ts';
import { diagnoseTraceparent } from '../diagnosis/propagation/sent-traceparent.ts';
import { apiSpanOf } from '../joins/index.ts';
import { header, ids, PAGE_URL, pageRecord, pageSpan, traced, visit } from './support/page.ts';

const own = ids(1, 11);
const sent = traced({ path: '/feed' }, own);

function server(given: Partial<EvidenceSpan>): EvidenceSpan {
  return serverSpan({
    traceId: own.traceId,
    startMs: sent.record.atMs,
    ...given,
    attributes: { 'http.request.method': 'GET', 'url.path': '/feed', 'user_agent.original': 'Chrome' },
  });
}

test('a SERVER span outside says where it is, and that nothing read the header only where it is a root', () => {
  const wrapper = pageSpan('load feed', { ...ids(1, 12), kind: 'INTERNAL' });
  const toWrapper = { ...sent.record, traceparent: `00-${own.traceId}-${wrapper.spanId}-01` };
  const cases = [
    ['a root', sent.record, { traceId: ids(2, 0).traceId }, 'server-ignored-parent', true],
    [
      'below something else',
      sent.record,
      { ...ids(2, 21), parentSpanId: 'x' },
      'server-ignored-parent',
      false,
    ],
    [
      'as the header says',
      toWrapper,
      { parentSpanId: wrapper.spanId },
      'traceparent-names-other-span',
      false,
    ],
  ] as const;
  for (const [what, record, given, reason, cause] of cases) {
    const api = server(given);
    const evidence = visit({ headers: [record], spans: [sent.client, wrapper, api] });
    assert.equal(apiSpanOf(evidence, record), api, what);
    const found = diagnoseNotBelowPage(evidence, record, sent.client, api);
    assert.equal(found.reason, reason, what);
    assert.equal(found.cause !== undefined, cause, what);
    if (reason === 'traceparent-names-other-span') assert.match(found.saw, /names "load feed"/);
  }
});

test('two requests for one address at the same time have each their own SERVER span', () => {
  const second = traced({ path: '/feed', atMs: sent.record.atMs + 1 }, ids(2, 22));
  const ofSecond = server({ ...ids(2, 23), parentSpanId: second.client.spanId });
  const records = [sent.record, second.record];
  const evidence = visit({ headers: records, spans: [sent.client, second.client, ofSecond] });
  assert.equal(apiSpanOf(evidence, second.record), ofSecond);
  assert.equal(
    apiSpanOf(evidence, sent.record),
    undefined,
    'the first one has none, and takes nobody else’s',
  );
});

test('one header for two requests leaves each its own SERVER span', () => {
  const posted = header({ method: 'POST', path: '/posts', traceparent: sent.record.traceparent, atMs: 1500 });
  const ofFeed = server({ parentSpanId: own.spanId });
  const ofPost = {
    ...server({ parentSpanId: own.spanId, startMs: 1500 }),
    attributes: { 'http.request.method': 'POST', 'url.path': '/posts' },
  };
  const evidence = visit({ headers: [sent.record, posted], spans: [sent.client, ofFeed, ofPost] });
  assert.equal(apiSpanOf(evidence, sent.record), ofFeed);
  assert.equal(apiSpanOf(evidence, posted), ofPost);
});

test('the API is open when an answer allows every origin, or one that is not the page’s', () => {
  const allow = (origin: string) => ({ 'access-control-allow-origin': origin });
  const elsewhere = 'https://elsewhere.example';
  const asked = (allowed: Record<string, string>) =>
    visit({ requests: [request({ requestHeaders: { origin: elsewhere }, responseHeaders: allowed })] });
  const reasonOf = (evidence: Parameters<typeof diagnoseOpenOrigin>[0]) =>
    diagnoseOpenOrigin(evidence)?.reason;
  assert.equal(reasonOf(visit({ headers: [header({ responseHeaders: allow('*') })] })), 'origin-not-kept');
  assert.equal(reasonOf(asked(allow(elsewhere))), 'origin-not-kept');
  assert.equal(reasonOf(asked(allow(PAGE_URL))), undefined);
  assert.equal(reasonOf(asked({})), undefined);
  assert.equal(reasonOf(visit({ headers: [header({ responseHeaders: allow(PAGE_URL) })] })), undefined);
});

test('a header of a span that the sampler dropped is told from one of no span', () => {
  const dropped = ids(1, 99).spanId;
  const record = (flags: string) =>
    header({ path: '/feed', traceparent: `00-${own.traceId}-${dropped}-${flags}` });
  const found = (flags: string, unsampled: string[]) => {
    const telemetry = {
      ...pageRecord().telemetry,
      notSampled: unsampled.length,
      unsampled: unsampled.map((spanId) => ({ spanId, name: 'GET' })),
    };
    const evidence = visit({ page: pageRecord({ telemetry }) });
    return diagnoseTraceparent(evidence, record(flags), undefined, new Set())?.reason;
  };
  assert.equal(found('00', [dropped]), 'not-sampled');
  assert.equal(found('00', [ids(1, 98).spanId]), 'traceparent-malformed');
  assert.equal(found('00', []), 'traceparent-malformed');
  assert.equal(found('01', [dropped]), 'traceparent-malformed');
});
