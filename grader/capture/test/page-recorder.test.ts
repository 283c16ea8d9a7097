import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PageRecorder } from '../index.ts';
import type { PageMessage, SpanBeginning } from '../page/messages.ts';

const stacks = { read: (stack: string) => (stack ? { stack, place: 'app-frontend/src/main.ts:1' } : {}) };

const beginning = (spanId: string): SpanBeginning => ({
  traceId: 'a'.repeat(32),
  spanId,
  name: 'GET',
  kind: 'CLIENT',
  startMs: 1000,
  attributes: { 'http.request.method': 'GET' },
  scope: { name: 'fetch' },
});

/** A recorder, and how a tab tells it something. */
function setUp() {
  const recorder = new PageRecorder(stacks);
  const tell = (tab: string, message: PageMessage) => recorder.receive(JSON.stringify(message), tab);
  const open = (tab: string, document: string) =>
    tell(tab, { t: 'document', document, url: '/', startedMs: 1000 });
  const start = (document: string, spanId: string) =>
    tell('tab', { t: 'start', document, span: beginning(spanId), stack: 'publish' });
  const end = (document: string, spanId: string, resource = 0) =>
    tell('tab', {
      t: 'end',
      document,
      span: {
        ...beginning(spanId),
        resource,
        durationMs: 5,
        status: { code: 'UNSET' },
        events: [],
        links: [],
      },
    });
  return { recorder, tell, open, start, end };
}

describe('the recorder of a page', () => {
  test('joins a span with its resource and the stack at its start', () => {
    const { recorder, tell, open, start, end } = setUp();
    open('tab', 'one');
    tell('tab', { t: 'resource', document: 'one', number: 0, attributes: { 'service.name': 'murmur-web' } });
    start('one', 's1');
    end('one', 's1');
    const [span] = recorder.spans();
    assert.equal(span?.resource['service.name'], 'murmur-web');
    assert.deepEqual(span?.origin, {
      process: 'page',
      seq: 1,
      stack: 'publish',
      place: 'app-frontend/src/main.ts:1',
    });
    assert.equal(recorder.telemetry.spansStarted, 1);
    assert.equal(recorder.telemetry.spansEnded, 1);
    assert.deepEqual(recorder.unended(), []);
  });

  test('keeps the resources of two documents apart', () => {
    const { recorder, tell, end } = setUp();
    tell('tab', { t: 'resource', document: 'one', number: 0, attributes: { v: 1 } });
    tell('tab', { t: 'resource', document: 'two', number: 0, attributes: { v: 2 } });
    end('one', 's1');
    end('two', 's2');
    assert.deepEqual(
      recorder.spans().map(({ resource }) => resource.v),
      [1, 2],
    );
  });

  test('waits for open spans of the page that is there, not of one that was left', () => {
    const { recorder, open, start } = setUp();
    open('tab', 'one');
    start('one', 's1');
    assert.equal(recorder.openCount(), 1);
    open('tab', 'two');
    assert.equal(recorder.openCount(), 0);
    assert.deepEqual(
      recorder.unended().map(({ spanId, origin }) => ({ spanId, origin })),
      [{ spanId: 's1', origin: { process: 'page' } }],
    );
  });

  test('counts refused registrations, and what was not sampled or set too late', () => {
    const { recorder, tell } = setUp();
    tell('tab', {
      t: 'diag',
      document: 'one',
      text: 'error Error: @opentelemetry/api: Attempted duplicate registration of API: trace',
    });
    tell('tab', { t: 'diag', document: 'one', text: 'warn something else' });
    const dropped = { spanId: 's0', name: 'GET', url: '/feed' };
    tell('tab', { t: 'not-sampled', document: 'one', span: dropped });
    tell('tab', { t: 'set-after-end', document: 'one', spanId: 's1', key: 'late' });
    assert.equal(recorder.telemetry.duplicateRegistrations, 1);
    assert.equal(recorder.telemetry.diagMessages.length, 2);
    assert.equal(recorder.telemetry.notSampled, 1);
    assert.deepEqual(recorder.telemetry.unsampled, [dropped]);
    assert.deepEqual(recorder.telemetry.setAfterEnd, [{ spanId: 's1', key: 'late' }]);
  });

  test('keeps of each load when Angular began, and whether it was traced by then', () => {
    const { recorder, tell, open } = setUp();
    const angular = (document: string) =>
      tell('tab', { t: 'angular', document, atMs: 1100, parsedMs: 1050, watched: ['fetch'] });
    const provider = (document: string) =>
      tell('tab', { t: 'provider', document, atMs: 1100, provider: 'WebTracerProvider', exporters: [] });
    open('tab', 'one');
    provider('one');
    angular('one');
    open('tab', 'two');
    angular('two');
    provider('two');
    assert.deepEqual(
      recorder.telemetry.loads?.map(({ angular }) => angular),
      [true, false].map((provider) => ({ atMs: 1100, parsedMs: 1050, watched: ['fetch'], provider })),
    );
  });

  test('leaves out what is no message', () => {
    const { recorder } = setUp();
    recorder.receive('{', 'tab');
    recorder.receive('"text"', 'tab');
    recorder.receive('{"t":"end"}', 'tab');
    assert.deepEqual(recorder.spans(), []);
  });
});
