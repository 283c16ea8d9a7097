import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnswersFile, Json } from '../../evidence/index.ts';
import { type DeclaredAnswer, diagnoseAnswerFile } from '../diagnosis/answers.ts';

const read = (value: Json | undefined): AnswersFile => ({
  state: 'read',
  values: value === undefined ? {} : { '03': value },
});
const judged = (answers: AnswersFile, declared: Partial<DeclaredAnswer> = {}) =>
  diagnoseAnswerFile(answers, '03', 'how many queries', {
    form: 'a whole number',
    accepted: [163],
    look: 'the trace',
    ...declared,
  });
const name = { form: 'a name', accepted: ['57014', 'query_canceled'] } as const;
const id = { form: 'a user id', accepted: ['0984'] } as const;

test('a number may be written as a number or as text', () => {
  for (const value of [163, '163', ' 163 ']) assert.equal(judged(read(value)), null, String(value));
});

test('no file, no entry, null and an empty text are no answer yet', () => {
  const missing = [{ state: 'missing' } as const, read(undefined), read(null), read('')];
  for (const answers of missing) assert.equal(judged(answers)?.reason, 'answer-missing');
});

test('another form is not called wrong', () => {
  for (const value of ['163 queries', 163.5, -163, true, [163], { n: 163 }])
    assert.equal(judged(read(value))?.reason, 'answer-wrong-form', JSON.stringify(value));
  assert.equal(judged({ state: 'broken', message: 'line 3' })?.reason, 'answer-wrong-form');
  for (const value of [true, ['0984'], 'hana', 'user 0984', '@hana'])
    assert.equal(judged(read(value), id)?.reason, 'answer-wrong-form');
});

test('a name where an id is asked: nobody is told that it is the wrong person', () => {
  const finding = judged(read('hana'), id);
  assert.doesNotMatch(finding?.saw ?? '', /says something else/);
  assert.match(finding?.look ?? '', /user\.id of a SERVER span/);
  const known = judged(read('hana'), {
    ...id,
    nearMisses: [{ value: 'Hana', because: 'It asks for the id.' }],
  });
  assert.equal(known?.cause, 'It asks for the id.');
});

test('names may be in any case and with spaces, ids must be texts', () => {
  assert.equal(judged(read(' Query_Canceled '), name), null);
  assert.equal(judged(read(57014), name), null);
  assert.equal(judged(read('0984'), id), null);
  const number = judged(read(984), id);
  assert.equal(number?.reason, 'answer-wrong-form');
  assert.match(number?.look ?? '', /leading zeros/);
});

test('a known way to miscount is named, and the right answer never is', () => {
  const nearMisses = [{ value: 165, because: 'You counted all queries.' }];
  assert.equal(judged(read(165), { nearMisses })?.cause, 'You counted all queries.');
  assert.equal(judged(read(166), { nearMisses })?.cause, undefined);
  for (const failure of [
    judged(read(165), { nearMisses }),
    judged(read('163 of them')),
    judged(read(null)),
  ]) {
    const { saw = '', wanted = '', look = '', cause = '' } = failure ?? {};
    assert.doesNotMatch([saw.replace('163 of them', ''), wanted, look, cause].join(' '), /163/);
  }
});

test('a name with a slip of the pen is told to be near', () => {
  assert.match(judged(read('query_cancelled'), name)?.cause ?? '', /very near/);
  assert.equal(judged(read('timeout'), name)?.cause, undefined);
});
