import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Exercise, loadManifest } from '../../workshop/index.ts';
import { changedRanges } from '../changed.ts';
import { compiled } from '../compiled.ts';
import { mutantsOf, mutationsOf } from '../generate.ts';
import { sampleOf } from '../sample.ts';

const exercise = async (number: string): Promise<Exercise> =>
  (await loadManifest()).find((one) => one.number === number) as Exercise;

const BEFORE = `export async function rank() {
  const posts = await newest();
  return posts;
}
`;
const AFTER = `export async function rank() {
  return tracer.startActiveSpan('rank feed', async (span) => {
    const posts = await newest();
    span.end();
    return posts;
  });
}
`;

test('what was only moved to the right is not changed', () => {
  const changed = changedRanges(BEFORE, AFTER).map(({ start, end }) => AFTER.slice(start, end));
  assert.deepEqual(changed, [
    "  return tracer.startActiveSpan('rank feed', async (span) => {\n",
    '    span.end();\n',
    '  });\n',
  ]);
});

test('only what the solution changes is mutated, and places keep their number in the file', () => {
  const text = `start();\n${AFTER}`;
  const found = mutationsOf('a.ts', text, `start();\n${BEFORE}`);
  assert.ok(!found.some(({ operator }) => operator === 'drop-await'), 'the await was there before');
  const calls = found.filter(({ operator }) => operator === 'drop-call');
  assert.deepEqual(
    calls.map(({ nth, mutation }) => [nth, mutation.what]),
    [[2, '`span.end();` is left out']],
  );
  const all = mutationsOf('a.ts', text, null).filter(({ operator }) => operator === 'drop-call');
  assert.deepEqual(
    all.map(({ nth }) => nth),
    [1, 2],
  );
});

test('config.json of the page and notes are no place for faults', () => {
  assert.deepEqual(mutationsOf('app-frontend/public/config.json', '{ "a": 1 }', null), []);
  assert.deepEqual(mutationsOf('NOTES.md', 'text', null), []);
});

test('two texts are the same when they run the same', () => {
  assert.equal(compiled('a.ts', 'let a: number = 1; // one'), compiled('a.ts', 'let a = 1; // one'));
  assert.notEqual(compiled('a.ts', 'let a = 1;'), compiled('a.ts', 'let a = 2;'));
  assert.equal(compiled('a.ts', 'let = = 1;'), null);
  assert.equal(compiled('a.json', '{ "a": 1 }'), compiled('a.json', '{"a":1}'));
});

test('the mutants of a solution: ids of their own, each with a diff of one file that compiles', async () => {
  const { mutants } = await mutantsOf(await exercise('03'));
  assert.ok(mutants.length > 20, `${mutants.length} mutants`);
  assert.equal(new Set(mutants.map(({ id }) => id)).size, mutants.length);
  for (const { id, path, text, diff } of mutants) {
    assert.match(id, /^03\/[\w.-]+\/[a-z-]+\/\d+$/);
    assert.ok(compiled(path, text) !== null || /broken/.test(id), id);
    assert.equal(diff.split('\n').filter((line) => line.startsWith('+++ ')).length, 1, id);
  }
  const end = mutants.find(({ id }) => id === '03/ranking.service.ts/drop-call/3');
  assert.match(end?.diff ?? '', /^- +span\.end\(\);$/m);
});

test('one fault is one mutant, however many operators make it', async () => {
  const { skipped } = await mutantsOf(await exercise('04'));
  assert.ok(skipped.some(({ why }) => why === 'same as another mutant'));
});

test('a sample is small, holds several operators, and is the same each time', async () => {
  const { mutants } = await mutantsOf(await exercise('03'));
  const sample = sampleOf(mutants);
  assert.ok(sample.length < mutants.length / 4);
  assert.ok(new Set(sample.map(({ operator }) => operator)).size > 1);
  assert.deepEqual(sampleOf(mutants), sample);
  assert.deepEqual(sampleOf(mutants.slice(0, 2)), mutants.slice(0, 2));
});
