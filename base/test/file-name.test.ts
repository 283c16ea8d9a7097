import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kebabCase } from '../file-name.ts';

test('file names are safe on every system', () => {
  assert.equal(kebabCase('Latency by UserID'), 'latency-by-user-id');
  assert.equal(kebabCase('../../etc/passwd'), 'etc-passwd');
  assert.equal(kebabCase('Größe: 10 %'), 'gro-e-10');
  assert.equal(kebabCase('CON'), 'query-con');
  assert.equal(kebabCase('???'), 'query');
  assert.ok(kebabCase('x'.repeat(300)).length <= 80);
});
