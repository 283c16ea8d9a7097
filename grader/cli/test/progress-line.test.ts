import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { it } from 'node:test';
import { progressLine } from '../progress-line.ts';

/** Steps shown on a terminal of this width, as it got them. */
function shownOn(columns: number): string {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns });
  const line = progressLine(stream as unknown as NodeJS.WriteStream, false);
  line.step('copying your tree');
  line.step('copying your tree');
  line.step('judging');
  line.stop();
  return String(stream.read());
}

it('prints plain lines on a terminal that does not know its width', () => {
  assert.equal(shownOn(0), '... copying your tree\n... judging\n');
});
