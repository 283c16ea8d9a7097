import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { test } from 'node:test';
import { progressLine } from '../progress-line.ts';

/** Steps shown on a terminal of this width, as it got them. */
async function shownOn(columns: number): Promise<string> {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns });
  let shown = '';
  stream.on('data', (bytes: Buffer) => {
    shown += bytes;
  });
  const line = await progressLine(stream as unknown as NodeJS.WriteStream, false);
  line.step('copying your tree');
  line.step('copying your tree');
  line.step('judging');
  line.stop();
  stream.end();
  await finished(stream);
  return shown;
}

test('prints plain lines on a terminal that does not know its width', async () => {
  assert.equal(await shownOn(0), '... copying your tree\n... judging\n');
});
