import assert from 'node:assert/strict';
import { test } from 'node:test';
import { relevantLines } from '../diagnosis/program/output.ts';

const deep = 'app-backend/src/sessions/session.guard.ts:31:52';

test('a long line of a stack loses its function, never its file and line number', () => {
  const output = `TypeError: context.active is not a function\n    at SessionGuard.canActivateTheWholeRequest (/x/.workshop/trees/0a1b/${deep})\n`;
  assert.deepEqual(relevantLines(output), ['TypeError: context.active is not a function', `    at ${deep}`]);
});

test('a path that is too long keeps its end', () => {
  const [, frame = ''] = relevantLines(
    `TypeError: x\n    at run (app-backend/${'very/'.repeat(20)}${deep})\n`,
  );
  assert.equal(frame.length, 76);
  assert.ok(frame.startsWith('    at ~') && frame.endsWith(deep), frame);
});

test('a short line of a stack stays as it is, and other long lines end where the screen ends', () => {
  const short = '    at FeedService.feedOf (app-backend/src/feed/feed.service.ts:23:23)';
  const [first, second] = relevantLines(`Error: ${'long '.repeat(30)}\n${short}\n`);
  assert.equal(first?.length, 76);
  assert.ok(first?.endsWith('~'));
  assert.equal(second, short);
});
