/** What is captured of a span, and what the process says of spans that went wrong. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type CaptureConnection, type CaptureServer, startCaptureServer } from '../index.ts';
import { FIXTURES, type Program, startProgram } from './support/program.ts';

describe('captured spans', () => {
  let server: CaptureServer;
  let program: Program;
  let connection: CaptureConnection;
  let url: string;
  let cursor = 0;
  before(async () => {
    server = await startCaptureServer();
    program = startProgram(server, 'node app.cjs', { cwd: path.join(FIXTURES, 'spans') });
    ({ connection, url } = await program.listening());
  });
  after(async () => {
    await program.stop();
    await server.close();
  });

  /** Lets the program run one of its scenes and collects what is new. */
  async function play(scene: string) {
    const answer = await (await fetch(`${url}/${scene}`)).text();
    const { settled, open } = await connection.settle({ quietMs: 25, maxMs: 200 });
    const collected = await connection.collect(cursor);
    cursor = collected.lastSeq;
    return { answer, settled, open, ...collected };
  }

  test('everything of a span travels', async () => {
    const { answer, spans } = await play('everything');
    const expected = JSON.parse(answer);
    assert.equal(spans.length, 1);
    const [span] = spans;
    assert.ok(span);
    const { startMs, durationMs, events, origin, resource, ...rest } = span;
    assert.deepEqual(rest, {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: expected.spanId,
      parentSpanId: 'b7ad6b7169203331',
      parentIsRemote: true,
      traceState: 'vendor=1',
      traceFlags: 1,
      name: 'everything',
      kind: 'CONSUMER',
      status: { code: 'ERROR', message: 'it broke' },
      attributes: { text: 'x', whole: 3, fraction: 0.5, yes: true, list: ['a', 'b'] },
      links: [
        {
          traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
          spanId: '00f067aa0ba902b7',
          attributes: { 'link.kind': 'test' },
        },
      ],
      scope: { name: 'fixture', version: '1.2.3' },
    });
    assert.equal(startMs, 1_700_000_000_000.25);
    assert.equal(durationMs, 12.5);
    assert.deepEqual(events, [{ name: 'half-way', timeMs: 1_700_000_000_006, attributes: { n: 1 } }]);
    assert.equal(resource['service.name'], 'fixture-service');
    assert.deepEqual({ ...origin, seq: 0 }, { process: 'api', pid: connection.pid, seq: 0 });
  });

  test('a span that has not ended is named, with what it has', async () => {
    const { settled, open, unended, spans } = await play('unended');
    assert.deepEqual({ settled, open, spans: spans.length }, { settled: false, open: 1, spans: 0 });
    assert.equal(unended[0]?.name, 'forgotten');
    assert.deepEqual(unended[0]?.attributes, { 'user.id': '4711' });
    const later = await play('end-it');
    assert.deepEqual([later.settled, later.unended.length, later.spans.length], [true, 0, 1]);
  });

  test('an attribute that was set after the end is named', async () => {
    const { spans } = await play('set-after-end');
    const { setAfterEnd, diagMessages } = await connection.state();
    assert.deepEqual(setAfterEnd, [
      { spanId: spans[0]?.spanId, key: 'late' },
      { spanId: spans[0]?.spanId, key: 'later' },
    ]);
    assert.deepEqual(spans[0]?.attributes, {});
    assert.match(diagMessages.join('\n'), /warn Cannot execute the operation on ended Span/);
  });

  test('calls from the onEnd of a span processor come too late, too', async () => {
    const { spans } = await play('called-in-on-end');
    const { setAfterEnd } = await connection.state();
    assert.deepEqual(
      setAfterEnd.filter(({ spanId }) => spanId === spans[0]?.spanId).map(({ spanId: _, ...rest }) => rest),
      [
        { key: 'user.id' },
        { key: 'ERROR', call: 'setStatus' },
        { key: 'too late', call: 'addEvent' },
        { key: 'another', call: 'updateName' },
      ],
    );
    assert.equal(spans[0]?.status.code, 'UNSET');
  });

  test('NaN and the infinities stay numbers', async () => {
    const { spans } = await play('numbers');
    assert.deepEqual(spans[0]?.attributes, { none: Number.NaN, most: Infinity, zero: 0 });
  });

  test('a span is kept as it was at its end, whatever an exporter does to it later', async () => {
    await (await fetch(`${url}/redacted-by-exporter`)).text();
    await connection.flush(200); // the other exporter has nobody to send to
    const { spans, lastSeq } = await connection.collect(cursor);
    cursor = lastSeq;
    assert.deepEqual(spans[0]?.attributes, { secret: 'visible' });
  });

  test('long values are cut and say so', async () => {
    const { spans } = await play('long');
    const value = String(spans[0]?.attributes.long);
    assert.ok(value.length < 64 * 1024 + 100);
    assert.match(value, /\[cut: 200000 characters\]$/);
  });

  test('exporters and their addresses are found', async () => {
    const { exporters } = await connection.state();
    assert.deepEqual(
      exporters,
      [
        { type: 'OTLPTraceExporter', url: 'http://127.0.0.1:9/v1/traces' },
        { type: 'RedactingExporter', url: undefined },
      ].map((one) => JSON.parse(JSON.stringify(one))),
    );
  });

  test('300 spans are told within milliseconds', async () => {
    /** CPU time of both ends in ms: it says the same on a busy machine. */
    const cpu = async () => {
      const theirs = JSON.parse(await (await fetch(`${url}/cpu`)).text());
      const ours = process.cpuUsage();
      return (theirs.user + theirs.system + ours.user + ours.system) / 1000;
    };
    const times: number[] = [];
    for (let round = 0; round < 8; round++) {
      await (await fetch(`${url}/three-hundred`)).text();
      await connection.settle({ quietMs: 25, maxMs: 1_000 });
      const start = await cpu();
      await connection.state();
      const { spans, lastSeq } = await connection.collect(cursor);
      times.push((await cpu()) - start);
      assert.equal(spans.length, 300);
      cursor = lastSeq;
    }
    assert.ok(Math.min(...times) < 15, `took ${times.map((time) => time.toFixed(1))} ms`);
  });

  test('200,000 spans neither break the connection nor fill the memory', async () => {
    const { spans } = await play('two-hundred-thousand');
    const state = await connection.state();
    assert.equal(cursor, 50_000);
    assert.equal(state.spansDropped, state.spansEnded - 50_000);
    assert.ok(state.spansEnded >= 200_000);
    assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, spans.length);
    assert.match(state.warnings.join(), /spans beyond the limit/);
  });

  test('after the process has ended, its last words are there', async () => {
    const before = await connection.state();
    await (await fetch(`${url}/exit`)).text();
    await program.exit();
    await new Promise<void>((resolve) => (connection.live ? server.on('close', () => resolve()) : resolve()));
    assert.equal(connection.lastState()?.spansEnded, before.spansEnded);
    assert.deepEqual(server.processes(), []);
  });
});
