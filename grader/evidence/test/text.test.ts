import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { type Evidence, evidenceText, parseWithNumbers, readEvidence, writeEvidence } from '../index.ts';
import { evidence, span } from './support/evidence.ts';

const attributes = { count: Number.NaN, most: Infinity, least: -Infinity, text: 'NaN', whole: 3 };

describe('evidence as text', () => {
  test('keeps NaN and the infinities, and text that looks like them', () => {
    const made = evidence({ spans: [span('rank feed', { attributes })] });
    const read = parseWithNumbers(evidenceText(made)) as Evidence;
    assert.deepEqual(read.spans[0]?.attributes, attributes);
    assert.deepEqual(read.requests, made.requests);
  });

  test('keeps them in a file', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'evidence-test-'));
    try {
      const file = path.join(folder, 'one.json');
      await writeEvidence(file, evidence({ spans: [span('rank feed', { attributes })] }));
      assert.deepEqual((await readEvidence(file)).spans[0]?.attributes, attributes);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
