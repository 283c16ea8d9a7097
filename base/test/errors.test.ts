import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT_CODES, WorkshopError } from '../index.ts';

test('an error says what is wrong, then what to do', () => {
  const cause = new Error('ENOENT');
  const error = new WorkshopError('There is no exercise 42.', { whatToDo: 'Choose one of 1 to 10.', cause });
  assert.equal(error.message, 'There is no exercise 42.');
  assert.equal(error.text, 'There is no exercise 42.\nChoose one of 1 to 10.');
  assert.equal(error.exitCode, EXIT_CODES.usage);
  assert.equal(error.cause, cause);
});

test('an error without advice has none, and keeps its exit code', () => {
  const error = new WorkshopError('No free port.', { exitCode: EXIT_CODES.internal });
  assert.equal(error.text, 'No free port.');
  assert.equal(error.exitCode, 3);
});
