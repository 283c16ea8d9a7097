import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import vm from 'node:vm';
import { BasicTracerProvider, type Span, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { pageCaptureScript } from '../index.ts';

type Message = { t: string; [key: string]: unknown };

/** Runs the script as a page would, with a provider of the page's SDK, and returns what it told. */
function visit(
  work: (tracer: ReturnType<BasicTracerProvider['getTracer']>) => void,
  onEnd = (_: Span) => {},
) {
  const told: Message[] = [];
  const context = vm.createContext({
    __workshopSpans: (text: string) => told.push(JSON.parse(text)),
    performance: { timeOrigin: 1000, now: () => 5, getEntriesByType: () => [] },
    location: { href: 'http://localhost:4200/' },
  });
  vm.runInContext('globalThis.top = globalThis', context);
  vm.runInContext(pageCaptureScript, context);
  const api = { version: '1.9.1', trace: { setDelegate() {} } };
  Object.assign(context, { api });
  vm.runInContext("globalThis[Symbol.for('opentelemetry.js.api.1')] = api", context);
  const late: SpanProcessor = {
    onStart() {},
    onEnd: (span) => onEnd(span as unknown as Span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const provider = new BasicTracerProvider({ spanProcessors: [late] });
  (api.trace.setDelegate as (provider: unknown) => void)(provider);
  work(provider.getTracer('page'));
  return { told, binding: vm.runInContext('globalThis.__workshopSpans', context) };
}

describe('the script of the page', () => {
  test('tells of each span as it starts and ends, and hides its way to the grader', () => {
    const { told, binding } = visit((tracer) => tracer.startSpan('GET', { attributes: { ms: 3 } }).end());
    assert.equal(binding, undefined);
    assert.deepEqual(
      told.map(({ t }) => t),
      ['document', 'api', 'provider', 'start', 'resource', 'end'],
    );
    const ended = told.find(({ t }) => t === 'end')?.span as Span | undefined;
    assert.deepEqual(ended?.attributes, { ms: 3 });
  });

  test('tells of calls on a span that has ended, also from a processor’s onEnd', () => {
    const { told } = visit(
      (tracer) => {
        const span = tracer.startSpan('GET');
        span.setAttribute('in time', 1);
        span.end();
        span.setStatus({ code: 2 });
      },
      (span) => span.setAttribute('in onEnd', 1),
    );
    const late = told.filter(({ t }) => t === 'set-after-end');
    assert.deepEqual(
      late.map(({ key, call }) => [key, call]),
      [
        ['in onEnd', undefined],
        ['ERROR', 'setStatus'],
      ],
    );
  });

  test('tells when Angular makes its first element, and leaves the browser as it was', () => {
    const told: Message[] = [];
    const context = vm.createContext({
      __workshopSpans: (text: string) => told.push(JSON.parse(text)),
      performance: { timeOrigin: 1000, now: () => 5, getEntriesByType: () => [] },
      location: { href: 'http://localhost:4200/' },
    });
    vm.runInContext(
      `globalThis.top = globalThis;
       globalThis.Element = class { setAttribute(name, value) { this[name] = value; } };
       globalThis.original = Element.prototype.setAttribute;`,
      context,
    );
    vm.runInContext(pageCaptureScript, context);
    vm.runInContext(
      `const root = new Element();
       root.setAttribute('class', 'app');
       root.setAttribute('ng-version', '22');
       globalThis.written = [root.class, root['ng-version']];
       globalThis.isOriginal = Element.prototype.setAttribute === original;`,
      context,
    );
    assert.deepEqual(
      told.slice(1).map(({ t, atMs, watched }) => [t, atMs, watched]),
      [['angular', 1005, []]],
    );
    assert.deepEqual([...context.written], ['app', '22']);
    assert.equal(context.isOriginal, true);
  });
});
