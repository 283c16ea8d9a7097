import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nextHint, type Progress, parseHints } from '../index.ts';

const hints = parseHints(
  '## Hint 1: a question\r\n\r\nWhy?\r\n\r\n## Hint 2: a pointer\r\n\r\nThere.\r\n\r\n## Hint 3: nearly the code\r\n\r\n```ts\r\n### no heading\r\n```\r\n',
);
const exercise = { id: '03-custom-span' };
const seen = (level: number): Progress => ({
  schema: 1,
  done: {},
  reopened: {},
  skipped: [],
  hints: { other: 1, ...(level > 0 ? { [exercise.id]: level } : {}) },
});

describe('hints', () => {
  test('are the sections of hints.md, in order', () => {
    assert.deepEqual(hints, [
      { heading: 'Hint 1: a question', text: 'Why?' },
      { heading: 'Hint 2: a pointer', text: 'There.' },
      { heading: 'Hint 3: nearly the code', text: '```ts\n### no heading\n```' },
    ]);
  });

  test('come one after the other, and the level is remembered', () => {
    let progress = seen(0);
    for (const level of [1, 2, 3]) {
      const next = nextHint(exercise, hints, progress);
      assert.ok(next);
      assert.deepEqual([next.level, next.left, next.again], [level, 3 - level, false]);
      assert.equal(next.hint, hints[level - 1]);
      progress = next.progress;
    }
    assert.deepEqual(progress.hints, { other: 1, [exercise.id]: 3 });
    const last = nextHint(exercise, hints, progress);
    assert.deepEqual([last?.level, last?.left, last?.again], [3, 0, true]);
  });

  test('are shown again when asked: the last one seen, or the first', () => {
    assert.equal(nextHint(exercise, hints, seen(2), true)?.level, 2);
    assert.equal(nextHint(exercise, hints, seen(0), true)?.level, 1);
  });

  test('go to the question as soon as nothing else is left, and no further back', () => {
    const answer = { heading: 'Hint 4: the answer', text: 'Open the trace.' };
    for (const level of [0, 2, 4])
      assert.equal(nextHint(exercise, [...hints, answer], seen(level), false, true)?.hint, answer);
    assert.equal(nextHint(exercise, [...hints, answer], seen(2), true, true)?.level, 2);
    assert.equal(nextHint(exercise, hints, seen(1), false, true)?.level, 2, 'there is none for it');
  });

  test('go on after an edition with fewer hints than were seen', () => {
    assert.equal(nextHint(exercise, hints.slice(0, 2), seen(3))?.level, 2);
    assert.equal(nextHint(exercise, [], seen(0)), null);
  });
});
