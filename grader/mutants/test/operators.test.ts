// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts of programs
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { edited } from '../operator.ts';
import { OPERATORS } from '../operators/index.ts';
import { parse } from '../syntax.ts';

/** By operator: a small text, and what becomes of it at each place. */
const CODE: Record<string, { from: string; to: string[] }> = {
  'drop-import': { from: "import './tracing';\nimport { a } from 'a';", to: ["import { a } from 'a';"] },
  'import-later': {
    from: "import './tracing';\nimport { a } from 'a';",
    to: ["import { a } from 'a'; import './tracing';"],
  },
  'export-elsewhere': {
    from: 'new OTLPTraceExporter({ headers })',
    to: ["new OTLPTraceExporter({ url: 'http://127.0.0.1:9/v1/traces' })"],
  },
  'never-sampled': {
    from: 'new NodeSDK({ serviceName })',
    to: [
      "new NodeSDK({ serviceName , sampler: { shouldSample: () => ({ decision: 0 }), toString: () => 'never' }})",
    ],
  },
  'no-op-processor': {
    from: 'new BatchSpanProcessor(exporter)',
    to: [
      '{ onStart() {}, onEnd() {}, forceFlush: () => Promise.resolve(), shutdown: () => Promise.resolve() }',
    ],
  },
  'drop-call': { from: 'sdk.start(); const a = b();', to: ['; const a = b();'] },
  'call-later': { from: 'a(); return b;', to: ['return b; a();'] },
  'call-earlier': { from: 'const a = b(); c(a);', to: ['c(a); const a = b();'] },
  'delay-call': { from: 'span.end(); other();', to: ['setTimeout(() => { span.end(); }, 1500); other();'] },
  'end-first': {
    from: 'try { return await work(); } finally { span.end(); }',
    to: ['try { span.end(); return await work(); } finally { ; }'],
  },
  'record-twice': {
    from: 'span.recordException(error);',
    to: ['span.recordException(error); span.recordException(error);'],
  },
  'swap-min-max': { from: 'Math.max(0, ms)', to: ['Math.min(0, ms)'] },
  'drop-await': { from: 'const rows = await query();', to: ['const rows = query();'] },
  'drop-finally': {
    from: 'try { await work(); } finally { span.end(); }',
    to: ['{ await work(); }'],
  },
  'finally-on-success': {
    from: 'try { return await work(); } finally { span.end(); }',
    to: ['{ span.end(); return await work(); }'],
  },
  'finally-on-failure': {
    from: 'try { return await work(); } catch (e) { note(e); } finally { span.end(); }',
    to: ['try { return await work(); } catch (e) { span.end(); note(e); }'],
  },
  'drop-throw': { from: 'catch_(() => { throw error; });', to: ['catch_(() => { ; });'] },
  'negate-condition': {
    from: 'if (a && b) c(); d ? e : f;',
    to: ['if (!(a && b)) c(); d ? e : f;', 'if (a && b) c(); !(d) ? e : f;'],
  },
  'condition-always': { from: 'if (a && b) c(); d ? e : f;', to: ['if (true) c(); d ? e : f;'] },
  'condition-never': { from: 'if (a && b) c(); d ? e : f;', to: ['if (false) c(); d ? e : f;'] },
  'drop-operand': { from: "header ?? ''", to: ['header', "''"] },
  'swap-operator': { from: 'a - b < c', to: ['a - b >= c', 'a + b < c'] },
  'drop-subtraction': { from: 'total - server', to: ['total'] },
  'empty-body': {
    from: 'function a(): void { b(); } function c(): number { return 1; }',
    to: ['function a(): void {} function c(): number { return 1; }'],
  },
  'other-span-name': { from: "tracer.startSpan('rank feed')", to: ["tracer.startSpan('rankFeed')"] },
  'span-name-with-value': {
    from: "tracer.startSpan('rank feed')",
    to: ['tracer.startSpan(`rank feed ${Math.random().toString(36).slice(2)}`)'],
  },
  'kind-server': {
    from: "tracer.startActiveSpan('a', (span) => b(span))",
    to: ["tracer.startActiveSpan('a', { kind: 1 }, (span) => b(span))"],
  },
  'kind-client': { from: "tracer.startSpan('a')", to: ["tracer.startSpan('a', { kind: 2 })"] },
  'new-root': { from: "tracer.startSpan('a')", to: ["tracer.startSpan('a', { root: true })"] },
  'not-active': {
    from: "tracer.startActiveSpan('a', (span) => b(span)); context.with(c, () => d());",
    to: [
      "((span) => b(span))(tracer.startSpan('a')); context.with(c, () => d());",
      "tracer.startActiveSpan('a', (span) => b(span)); (() => d())();",
    ],
  },
  'parent-lost': { from: 'trace.setSpan(context.active(), span)', to: ['context.active()'] },
  'unnamed-tracer': { from: "trace.getTracer('a')", to: ["trace.getTracer('')"] },
  'borrowed-tracer': {
    from: "trace.getTracer('a')",
    to: ["trace.getTracer('@opentelemetry/instrumentation-http')"],
  },
  'status-ok': {
    from: 'span.setStatus({ code: SpanStatusCode.ERROR })',
    to: ['span.setStatus({ code: SpanStatusCode.OK })'],
  },
  'status-unset': {
    from: 'span.setStatus({ code: SpanStatusCode.ERROR })',
    to: ['span.setStatus({ code: SpanStatusCode.UNSET })'],
  },
  'status-ok-before': {
    from: 'span.setStatus({ code: SpanStatusCode.ERROR })',
    to: ['span.setStatus({ code: SpanStatusCode.OK }); span.setStatus({ code: SpanStatusCode.ERROR })'],
  },
  'shared-value': {
    from: 'const all = performance.now(); function a() { const began = performance.now(); }',
    to: [
      'const all = performance.now(); function a() { const began = ((globalThis as any).kept_began ??= performance.now()); }',
    ],
  },
  'camel-key': { from: "span.setAttribute('user.id', id)", to: ["span.setAttribute('userId', id)"] },
  'other-key': { from: "span.setAttribute('user.id', id)", to: ["span.setAttribute('user.id_value', id)"] },
  'value-as-text': {
    from: "span.setAttribute('n', list.length); span.setAttribute('user.id', id);",
    to: ["span.setAttribute('n', String(list.length)); span.setAttribute('user.id', id);"],
  },
  'value-as-number': {
    from: "span.setAttribute('n', list.length); span.setAttribute('user.id', id);",
    to: ["span.setAttribute('n', list.length); span.setAttribute('user.id', Number(id));"],
  },
  'value-as-list': {
    from: "span.setAttribute('user.id', id)",
    to: ["span.setAttribute('user.id', [id] as any)"],
  },
  'value-constant': {
    from: "span.setAttribute('user.id', id)",
    to: ["span.setAttribute('user.id', '4711')"],
  },
  'value-altered': { from: "span.setAttribute('n', a.length)", to: ["span.setAttribute('n', a.length + 1)"] },
  'value-of-first': {
    from: "span.setAttribute('user.id', id)",
    to: ["span.setAttribute('user.id', ((globalThis as any).firstValue ??= id))"],
  },
  'active-span': {
    from: "requestSpan()?.setAttribute('user.id', id)",
    to: ["import { trace } from '@opentelemetry/api'; trace.getActiveSpan()?.setAttribute('user.id', id)"],
  },
  'new-span': {
    from: "import { trace } from '@opentelemetry/api'; return getRPCMetadata(context.active())?.span;",
    to: ["import { trace } from '@opentelemetry/api'; return trace.getTracer('murmur').startSpan('note');"],
  },
  'drop-property': { from: 'a({ b: 1, c })', to: ['a({ c })', 'a({ b: 1 })'] },
  'drop-element': { from: 'a([b, c,])', to: ['a([c,])', 'a([b,])'] },
  'drop-options': { from: 'new A({ b: 1, c })', to: ['new A()'] },
  everybody: {
    from: 'a({ origin: pageOrigin, propagateTraceHeaderCorsUrls: [api], b })',
    to: [
      "a({ origin: '*', propagateTraceHeaderCorsUrls: [api], b })",
      'a({ origin: pageOrigin, propagateTraceHeaderCorsUrls: [/.*/], b })',
    ],
  },
  'other-text': { from: "set('Server-Timing', '')", to: ["set('Server-Timin', '')"] },
  'other-number': { from: 'a(0, 1, 1000)', to: ['a(1, 1, 1000)', 'a(0, 0, 1000)', 'a(0, 1, 10000)'] },
  'template-text': { from: '`total;dur=${ms} ms`', to: ['`${ms} ms`', '`total;dur=${ms}`'] },
  'match-all': { from: 'a.replace(/b/g, c)', to: ['a.replace(/.*/, c)'] },
  'match-nothing': { from: 'a.replace(/b/g, c)', to: ['a.replace(/(?!)/, c)'] },
  'match-once': { from: 'a.replace(/b/g, c)', to: ['a.replace(/b/, c)'] },
};

const query = (inside: string): string => `{ "name": "q", "query": { ${inside} } }`;

const QUERIES: Record<string, { from: string; to: string[] }> = {
  'drop-filter': {
    from: query('"filters": [{ "column": "a" }, { "column": "b" }]'),
    to: [query('"filters": [{ "column": "b" }]'), query('"filters": [{ "column": "a" }]')],
  },
  'drop-order': { from: query('"orders": [{ "op": "COUNT" }]'), to: [query('"orders": []')] },
  'drop-breakdown': {
    from: query('"breakdowns": ["a", "b"]'),
    to: [query('"breakdowns": ["b"]'), query('"breakdowns": ["a"]')],
  },
  'drop-calculation': {
    from: query('"calculations": [{ "op": "COUNT" }]'),
    to: [query('"calculations": []')],
  },
  'no-limit': { from: query('"limit": 20, "a": 1'), to: [query('"a": 1')] },
  'no-time-range': { from: query('"time_range": 600, "a": 1'), to: [query('"a": 1')] },
  'no-orders': { from: query('"a": 1, "orders": []'), to: [query('"a": 1')] },
  'no-filters': { from: query('"a": 1, "filters": []'), to: [query('"a": 1')] },
  'no-breakdowns': { from: query('"a": 1, "breakdowns": []'), to: [query('"a": 1')] },
  'no-calculations': { from: query('"a": 1, "calculations": []'), to: [query('"a": 1')] },
  'other-calculation': {
    from: query('"calculations": [{ "op": "P95" }]'),
    to: [query('"calculations": [{ "op": "P75" }]')],
  },
  'other-column': {
    from: query('"calculations": [{ "op": "MAX", "column": "murmur.network_ms" }]'),
    to: [query('"calculations": [{ "op": "MAX", "column": "duration_ms" }]')],
  },
  'other-filter-operator': {
    from: query('"filters": [{ "op": "exists" }]'),
    to: [query('"filters": [{ "op": "does-not-exist" }]')],
  },
  'other-filter-column': {
    from: query('"filters": [{ "column": "user.id" }]'),
    to: [query('"filters": [{ "column": "duration_ms" }]')],
  },
  'other-filter-value': {
    from: query('"filters": [{ "value": "server" }]'),
    to: [query('"filters": [{ "value": "client" }]')],
  },
  'other-order-direction': {
    from: query('"orders": [{ "order": "descending" }]'),
    to: [query('"orders": [{ "order": "ascending" }]')],
  },
  'other-order': { from: query('"orders": [{ "op": "P95" }]'), to: [query('"orders": [{ "op": "P50" }]')] },
  'other-breakdown': {
    from: query('"breakdowns": ["user.id"]'),
    to: [query('"breakdowns": ["http.route"]')],
  },
  'half-limit': { from: query('"limit": 20'), to: [query('"limit": 10')] },
  'double-limit': { from: query('"limit": 20'), to: [query('"limit": 40')] },
  'longer-time-range': { from: query('"time_range": 600'), to: [query('"time_range": 7200')] },
  'shorter-time-range': { from: query('"time_range": 600'), to: [query('"time_range": 60')] },
  'any-filter': { from: query('"a": 1'), to: [query('"filter_combination": "OR", "a": 1')] },
  'one-route': {
    from: query('"filters": [1]'),
    to: [query('"filters": [1, { "column": "http.route", "op": "=", "value": "/feed" }]')],
  },
  'only-slow': {
    from: query('"filters": [1]'),
    to: [query('"filters": [1, { "column": "duration_ms", "op": ">", "value": 500 }]')],
  },
  'one-more-breakdown': {
    from: query('"breakdowns": ["a"]'),
    to: [query('"breakdowns": ["a", "http.route"]')],
  },
  'query-unwrapped': { from: query('"a": 1'), to: ['{ "a": 1 }'] },
};

const ANSWERS: Record<string, { from: string; to: string[] }> = {
  'drop-answer': { from: '{ "01": 165, "02": 3 }', to: ['{ "01": 165 }'] },
  'other-answer-key': { from: '{ "01": 165 }', to: ['{ "exercise 01": 165 }'] },
  'broken-answers': { from: '{ "01": 165 }', to: ['{ "01": }'] },
  'answer-one-more': { from: '{ "01": 165 }', to: ['{ "01": 166 }'] },
  'answer-one-less': { from: '{ "01": 165 }', to: ['{ "01": 164 }'] },
  'answer-altered': { from: '{ "04": "57014" }', to: ['{ "04": "5701?" }'] },
  'answer-zero': { from: '{ "01": 165 }', to: ['{ "01": 0 }'] },
  'answer-empty': { from: '{ "01": 165 }', to: ['{ "01": "" }'] },
  'answer-null': { from: '{ "01": 165 }', to: ['{ "01": null }'] },
  'answer-listed': { from: '{ "01": 165 }', to: ['{ "01": [165, 1, "GET /feed"] }'] },
};

const withoutSpace = (text: string): string => text.replace(/\s+/g, '');

for (const [path, cases] of Object.entries({
  'a.ts': CODE,
  'queries/a.json': QUERIES,
  'answers.json': ANSWERS,
})) {
  describe(`operators for ${path}`, () => {
    for (const [name, { from, to }] of Object.entries(cases)) {
      test(name, () => {
        const operator = OPERATORS.find((one) => one.name === name);
        assert.ok(operator, `there is no operator ${name}`);
        const found = operator.find(parse(path, from));
        assert.deepEqual(
          found.map(({ edits }) => withoutSpace(edited(from, edits))),
          to.map(withoutSpace),
        );
        for (const { what } of found) assert.match(what, /^\S.*[^.]$/, 'a sentence without its full stop');
      });
    }
  });
}

test('every operator is tried, and no two have one name', () => {
  const names = OPERATORS.map(({ name }) => name);
  assert.deepEqual([...new Set(names)].sort(), names.sort());
  assert.deepEqual(Object.keys({ ...CODE, ...QUERIES, ...ANSWERS }).sort(), names.sort());
});
