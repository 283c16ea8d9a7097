import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readAnswers, readQueries } from '../contents.ts';
import { inFolder, writeTexts } from './folder.ts';

describe('answers.json', () => {
  const answersOf = async (text: string): Promise<unknown> => {
    let answers: unknown;
    await inFolder(async (root) => {
      await writeTexts(root, { 'answers.json': text });
      answers = await readAnswers(root);
    });
    return answers;
  };

  test('is read, also with the byte order mark of some editors', async () => {
    const read = { state: 'read', values: { '01': 165, '02': '0984' } };
    assert.deepEqual(await answersOf('{ "01": 165, "02": "0984" }'), read);
    assert.deepEqual(await answersOf('\uFEFF{ "01": 165, "02": "0984" }\r\n'), read);
  });

  test('may be missing', () =>
    inFolder(async (root) => {
      assert.deepEqual(await readAnswers(root), { state: 'missing' });
    }));

  test('is broken when it is no JSON or no object, and says so', async () => {
    for (const text of ['{ "01": 165', '', "{ '01': 1 }"]) {
      const { state, message } = (await answersOf(text)) as { state: string; message: string };
      assert.equal(state, 'broken', text);
      assert.ok(message.length > 0 && !message.includes('\n'));
    }
    for (const text of ['[165]', 'null', '165', '"165"']) {
      assert.deepEqual(await answersOf(text), {
        state: 'broken',
        message: 'it should hold one object, { "01": ... }',
      });
    }
  });
});

describe('the saved queries', () => {
  test('are the JSON files of queries/, each read or broken on its own', () =>
    inFolder(async (root) => {
      await writeTexts(root, {
        'queries/latency.json': '{ "limit": 10 }',
        'queries/broken.json': '{ "limit": ',
        'queries/notes.md': 'no query',
      });
      const queries = await readQueries(root);
      assert.deepEqual(Object.keys(queries), ['broken.json', 'latency.json']);
      assert.deepEqual(queries['latency.json'], { state: 'read', value: { limit: 10 } });
      assert.equal(queries['broken.json']?.state, 'broken');
    }));

  test('are none without the folder', () =>
    inFolder(async (root) => {
      assert.deepEqual(await readQueries(root), {});
    }));
});
