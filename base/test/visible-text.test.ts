import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visibleText } from '../index.ts';

test('shows what a terminal would obey as its code', () => {
  const forged = 'GET\u001b[2J\u001b[1;1H\r01-first-trace passed\u009b0m\u0007';
  assert.equal(visibleText(forged), 'GET\\u{1b}[2J\\u{1b}[1;1H\\u{d}01-first-trace passed\\u{9b}0m\\u{7}');
  assert.equal(visibleText('\u202egnp.exe\u2066'), '\\u{202e}gnp.exe\\u{2066}');
});

test('leaves text as it is, with its tabs and lines', () => {
  const text = 'Zoë\tschreibt «über»\n日本語 👩‍👩‍👧';
  assert.equal(visibleText(text), text);
});
