import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelled, screenOf, wrapped } from '../terminal.ts';

const SCREEN = { width: 40, plain: true, colour: false };

test('text is broken between words, and a longer word is cut or stays whole', () => {
  assert.deepEqual(wrapped('one two three', 8), ['one two', 'three']);
  assert.deepEqual(wrapped('see npm-run-query', 8), ['see', 'npm-run-', 'query']);
  assert.deepEqual(wrapped('see npm-run-query', 8, { cutWords: false }), ['see', 'npm-run-query']);
});

test('the lines under a label stand under its text', () => {
  assert.deepEqual(labelled('Saw     ', 'two spans that have no parent in this trace', SCREEN), [
    'Saw     two spans that have no parent in',
    '        this trace',
  ]);
});

test('a screen has 40 to 80 columns, and no colour where nobody wants it', () => {
  assert.deepEqual(screenOf({ isTTY: true, columns: 200 }, {}, false), {
    width: 80,
    plain: false,
    colour: true,
  });
  assert.deepEqual(screenOf({ isTTY: true, columns: 0 }, { NO_COLOR: '1' }, false), {
    width: 80,
    plain: true,
    colour: false,
  });
  assert.equal(screenOf({ isTTY: true, columns: 20 }, {}, false).width, 40);
  assert.equal(screenOf({}, {}, false).plain, true);
});
