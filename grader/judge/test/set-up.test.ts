/** What is said of a set-up whose SERVER span is there: each cause where the evidence proves it, and only there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidence, nestSpan, query, serverSpan, withCapture } from '@workshop/grader/test/evidence';
import type { EvidenceSpan } from '../../evidence/index.ts';
import { DATABASE, NEST } from '../assertions/libraries.ts';
import { diagnoseExport } from '../diagnosis/sdk/export.ts';
import { diagnoseMissingLibrary } from '../diagnosis/sdk/library.ts';
import { diagnoseServiceName } from '../diagnosis/sdk/resource.ts';
import { diagnoseRoute } from '../diagnosis/sdk/route.ts';

const watching = (name: string, modulesLoadedBefore: string[] = []) => ({
  name: `@opentelemetry/instrumentation-${name}`,
  enabled: true,
  modulesLoadedBefore,
});

const withoutRoute = (given: Partial<EvidenceSpan> = {}): EvidenceSpan => {
  const { 'http.route': _route, ...attributes } = serverSpan().attributes;
  return { ...serverSpan(given), attributes };
};

test('a library without spans was dropped by the sampler only where a sampler dropped spans', () => {
  const server = serverSpan();
  const of = (capture: object) =>
    diagnoseMissingLibrary(
      withCapture(evidence({ spans: [server] }), { instrumentations: [watching('pg')], ...capture }),
      server,
      DATABASE,
    );
  assert.equal(of({ notSampled: 12 }).reason, 'not-sampled');
  assert.match(of({ notSampled: 12 }).saw, /dropped 12 spans/);
  assert.equal(of({ notSampled: 0 }).reason, 'instrumentation-missing');
  assert.equal(of({ notSampled: 12, instrumentations: [] }).reason, 'instrumentation-missing');
});

test('queries in a trace of their own have no missing context manager where others found their parent', () => {
  const server = serverSpan();
  const lost = { ...query(server, 1010, 5), traceId: 'other', parentSpanId: undefined };
  const look = (spans: EvidenceSpan[]) =>
    diagnoseMissingLibrary(evidence({ spans: [server, lost, ...spans] }), server, DATABASE).look;
  assert.match(look([]), /context manager/);
  assert.doesNotMatch(look([nestSpan('list', server)]), /context manager/);
  assert.match(look([nestSpan('list', server)]), /which context is active there\? "list" found/);
});

test('a route that was taken away on the way, or stays on a span further down, is not one that nobody knew', () => {
  const of = (server: EvidenceSpan, below: EvidenceSpan[] = []) =>
    diagnoseRoute(
      withCapture(evidence({ spans: [server, ...below] }), { instrumentations: [watching('express')] }),
      server,
      '/feed',
    );
  const server = withoutRoute();
  assert.equal(of(serverSpan()), null);
  assert.equal(of(server)?.reason, 'instrumentation-missing');
  assert.equal(
    of(server, [nestSpan('handler', server, { attributes: { 'http.route': '/feed' } })])?.reason,
    'attribute-missing',
  );
  const lost = of(withoutRoute({ recorded: { attributes: { 'http.route': '/feed' } } }));
  assert.equal(lost?.reason, 'attribute-missing');
  assert.match(lost?.saw ?? '', /arrived at the collector is without it/);
});

test('a library that was loaded too early is said of Nest, and not of pg', () => {
  const server = serverSpan();
  const of = (library: typeof NEST, name: string) =>
    diagnoseMissingLibrary(
      withCapture(evidence({ spans: [server] }), { instrumentations: [watching(name, [name])] }),
      server,
      library,
    ).reason;
  assert.equal(of(NEST, 'nestjs-core'), 'sdk-loaded-too-late');
  assert.equal(of(DATABASE, 'pg'), 'instrumentation-missing');
});

test('a resource that has the name under another key is told that key', () => {
  const of = (resource: EvidenceSpan['resource']) => {
    const span = serverSpan({ resource });
    return diagnoseServiceName(evidence({ spans: [span] }), span, 'murmur-api');
  };
  assert.equal(of({ 'service.name': 'murmur-api' }), null);
  assert.match(of({ 'service.name': 'unknown_service:node' })?.saw ?? '', /when nobody named the service\.$/);
  const other = of({ serviceName: 'murmur-api' });
  assert.equal(other?.reason, 'service-name-missing');
  assert.equal(other?.saw, 'the resource has no service.name. It has serviceName = "murmur-api".');
});

test('spans that nobody exported: an exporter is named, or what takes its place', () => {
  const { received: _, ...origin } = serverSpan().origin;
  const unsent = serverSpan({ origin: { ...origin, received: false } });
  const of = (exporters: { type: string }[]) =>
    diagnoseExport(withCapture(evidence({ spans: [unsent] }), { exporters }), [unsent]);
  const console_ = of([{ type: 'ConsoleSpanExporter' }]);
  assert.equal(console_?.reason, 'never-exported');
  assert.match(console_.saw, /Its exporter is ConsoleSpanExporter\./);
  assert.match(console_.look ?? '', /A console is no collector/);
  const none = of([]);
  assert.equal(none?.reason, 'never-exported');
  assert.match(none.look ?? '', /spanProcessors .* traceExporter counts no more/);
});
