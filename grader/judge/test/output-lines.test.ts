import assert from 'node:assert/strict';
import { test } from 'node:test';
import { relevantLines, wrappedFirst } from '../diagnosis/program/output.ts';

const DEEP = 'app-backend/src/sessions/session.guard.ts:31:52';

test('a long line of a stack loses its function, never its file and line number', () => {
  const output = `TypeError: context.active is not a function\n    at SessionGuard.canActivateTheWholeRequest (/x/.workshop/trees/0a1b/${DEEP})\n`;
  assert.deepEqual(relevantLines(output), ['TypeError: context.active is not a function', `    at ${DEEP}`]);
});

test('a path that is too long keeps its end', () => {
  const [, frame = ''] = relevantLines(
    `TypeError: x\n    at run (app-backend/${'very/'.repeat(20)}${DEEP})\n`,
  );
  assert.equal(frame.length, 76);
  assert.ok(frame.startsWith('    at ~') && frame.endsWith(DEEP), frame);
});

test('a short line of a stack stays as it is, the sentence of an error is wrapped to its end', () => {
  const short = '    at FeedService.feedOf (app-backend/src/feed/feed.service.ts:23:23)';
  const sentence = `TypeError: ${'very '.repeat(20)}long: tracer.startActivSpan is not a function`;
  const lines = relevantLines(`${sentence}\n${short}\n`);
  assert.equal(
    lines
      .slice(0, -1)
      .map((line) => line.trim())
      .join(' '),
    sentence,
  );
  assert.ok(
    lines.every((line) => line.length <= 76),
    lines.join('\n'),
  );
  assert.equal(lines.at(-1), short);
});

test('a sentence without an end is cut behind three lines, and one line of a megabyte costs no time', () => {
  const lines = relevantLines(`Error: ${'x/.workshop/trees/'.repeat(60_000)}\n`);
  assert.equal(lines.length, 3);
  assert.ok(lines[2]?.endsWith('~'));
});

test('of a compiler’s lines the first says its whole sentence, the others are cut', () => {
  const sentence =
    "✘ [ERROR] TS2561: Object literal may only specify known properties, but 'propagateTraceHeaderCorsUrl' does not exist in type 'FetchInstrumentationConfig'.";
  const lines = wrappedFirst([sentence, `    src/tracing.ts:12:4: ${'x'.repeat(90)}`]);
  assert.equal(
    lines
      .slice(0, -1)
      .map((line) => line.trim())
      .join(' '),
    sentence,
  );
  assert.ok(
    lines.every((line) => line.length <= 76),
    lines.join('\n'),
  );
  assert.ok(lines.at(-1)?.endsWith('~'));
  assert.deepEqual(wrappedFirst([]), []);
});

test('a failure that the grader brings about does not hide another one, and is told where it is the only one', () => {
  const nest = '[Nest] 8221  - 11/28/2026, 1:49:58 PM   ERROR [ExceptionsHandler] error: ';
  const planned = `${nest}canceling statement due to user request\n    at app-backend/src/posts.ts:8:1 {\n  severity: 'ERROR',\n  routine: 'ProcessInterrupts'\n}\n`;
  const own = `${nest}column "context" of relation "outbox" does not exist\n    at app-backend/src/outbox.ts:15:22\n`;
  assert.deepEqual(
    relevantLines(planned + own),
    [
      'ERROR [ExceptionsHandler] error: column "context" of relation "outbox" does ',
      '  not exist',
      '    at app-backend/src/outbox.ts:15:22',
    ].map((line) => line.trimEnd()),
  );
  assert.match(relevantLines(planned)[0] ?? '', /canceling statement due to user request/);
});
