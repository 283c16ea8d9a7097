import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { loadManifest } from '../../workshop/index.ts';
import { stopPageBuilder, stopSharedServer } from '../../world/index.ts';
import { blocksOf, contentProblems, generateWaterfall, shapeOf, withBlocks } from '../index.ts';

const exercises = await loadManifest();

describe('the content of the exercises', () => {
  after(() => {
    stopPageBuilder();
    return stopSharedServer();
  });

  test('is whole: titles, hints, files, the pristine start', async () => {
    assert.deepEqual(await contentProblems(exercises), []);
  });

  for (const exercise of exercises) {
    test(`shows traces of the chain in ${exercise.id}`, async () => {
      const readme = await readFile(join(exercise.directory, 'README.md'), 'utf8');
      for (const block of blocksOf(readme).filter(({ kind }) => kind === 'waterfall')) {
        assert.equal(shapeOf(await generateWaterfall(block.settings)), shapeOf(block.content));
      }
    });
  }
});

describe('generated blocks', () => {
  const readme = [
    'text',
    '```text waterfall solution=02 path=/feed as="Iris B"',
    'old',
    '```',
    '```text checks',
    '```',
    'end',
  ].join('\n');

  test('are found with their settings', () => {
    assert.deepEqual(
      blocksOf(readme).map(({ kind, settings, content }) => [kind, settings, content]),
      [
        ['waterfall', { solution: '02', path: '/feed', as: 'Iris B' }, 'old\n'],
        ['checks', {}, ''],
      ],
    );
  });

  test('are replaced, and nothing else is', async () => {
    const after = await withBlocks(readme, async (block) => `new ${block.kind} $1`);
    assert.equal(
      after,
      readme.replace('old', 'new waterfall $1').replace('checks\n', 'checks\nnew checks $1\n'),
    );
  });

  test('have the same shape when only times differ, and another one when a span is missing', () => {
    const one =
      'GET /feed   SERVER    93 ms |####  |\n  list      INTERNAL  0.3 ms | #    |\n    (no span covers this)  20 ms | # |';
    const other = 'GET /feed   SERVER  1291 ms |######|\n  list      INTERNAL 12 ms | ##  |';
    assert.equal(shapeOf(one), shapeOf(other));
    assert.notEqual(shapeOf(one), shapeOf(other.split('\n')[0] ?? ''));
    assert.notEqual(shapeOf(one), shapeOf(other.replace('SERVER', 'CLIENT')));
  });
});
