import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkshopError } from '@workshop/base';
import { headerText, parseHeader, readPatchFile, writePatchFile } from '../header.ts';

const HEADER = `Base: 1
Exercise: 01-first-trace
Expect: fail sdk-loaded-too-late at server-span
What: The set-up is the last import.
`;

test('a header is read', () => {
  assert.deepEqual(parseHeader(HEADER, 'late'), {
    base: 1,
    exercise: '01-first-trace',
    expect: { verdict: 'fail', reason: 'sdk-loaded-too-late', at: 'server-span' },
    what: 'The set-up is the last import.',
  });
});

test('a header with an unknown reason is refused, and the message names both', () => {
  assert.throws(
    () => parseHeader(HEADER.replace('sdk-loaded-too-late', 'sdk-loaded-late'), 'late'),
    (error) => error instanceof WorkshopError && /^late: "sdk-loaded-late" is no reason/.test(error.message),
  );
});

test('unexplained is no expectation', () => {
  assert.throws(
    () => parseHeader(HEADER.replace('sdk-loaded-too-late', 'unexplained'), 'late'),
    /unexplained/,
  );
});

for (const label of ['Base', 'Exercise', 'Expect', 'What']) {
  test(`a header without ${label} is refused`, () => {
    const without = HEADER.split('\n')
      .filter((line) => !line.startsWith(label))
      .join('\n');
    assert.throws(() => parseHeader(without, 'late'), new RegExp(`no line "${label}:"`));
  });
}

for (const [problem, from, to] of [
  ['a base that is no number', 'Base: 1', 'Base: one'],
  ['an exercise that is no folder', '01-first-trace', 'first'],
  ['a verdict that does not exist', 'fail sdk-loaded-too-late', 'blocked'],
  ['an unknown line', 'Base: 1', 'Base: 1\nAuthor: somebody'],
  ['a line said twice', 'Base: 1', 'Base: 1\nBase: 2'],
  ['a line that belongs to nothing', 'Base: 1', 'hello\nBase: 1'],
] as const) {
  test(`${problem} is refused`, () => {
    assert.throws(() => parseHeader(HEADER.replace(from, to), 'late'), WorkshopError);
  });
}

test('a long text is wrapped behind its label and read back whole', () => {
  const header = { ...parseHeader(HEADER, 'late'), what: 'One sentence with many words. '.repeat(12).trim() };
  const text = headerText(header);
  assert.ok(text.split('\n').every((line) => line.length <= 104));
  assert.deepEqual(parseHeader(text, 'late'), header);
});

test('a file divides into header and patch, with CRLF as with LF', () => {
  const patch = '--- answers.json\n+++ answers.json\n@@ -1,1 +1,1 @@\n-1\n+2\n';
  const file = writePatchFile(parseHeader(HEADER, 'late'), patch);
  const expected = { header: parseHeader(HEADER, 'late'), patch };
  assert.deepEqual(readPatchFile(file, 'late'), expected);
  assert.deepEqual(readPatchFile(file.replaceAll('\n', '\r\n'), 'late'), expected);
});
