import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadManifest, type Progress, trackState, tracksOf } from '../index.ts';

const progress = (done: readonly string[], skipped: readonly string[] = []): Progress => ({
  schema: 1,
  done: Object.fromEntries(done.map((id) => [id, '2026-01-01T00:00:00.000Z'])),
  reopened: {},
  skipped: [...skipped],
  hints: {},
});

test('a track holds whatever its exercises need, and takes no longer than it says', async () => {
  const most = [120, 240, 7 * 240];
  for (const [at, track] of tracksOf(await loadManifest()).entries()) {
    const numbers = track.exercises.map(({ number }) => number);
    const missing = track.exercises.flatMap(({ needs }) => needs.filter((need) => !numbers.includes(need)));
    assert.deepEqual(missing, [], track.id);
    const { minutes } = trackState(track, track.exercises, progress([]));
    assert.ok(minutes > 0 && minutes <= (most[at] as number), `${track.id}: ${minutes} min`);
  }
});

test('a track says what comes next, and what of the others is left out before it', async () => {
  const all = await loadManifest();
  const [short, , week] = tracksOf(all);
  assert.ok(short && week);
  const at = (done: string[], skipped?: string[]) => {
    const { next, leaveOut, behind } = trackState(short, all, progress(done, skipped));
    return [next?.number ?? null, leaveOut.map(({ number }) => number), behind];
  };
  const three = ['01-first-trace', '02-user-id', '03-custom-span'];
  assert.deepEqual(at([]), ['01', [], 0]);
  assert.deepEqual(at(three), ['05', ['04'], 3]);
  assert.deepEqual(at(three, ['04-errors']), ['05', [], 3]);
  assert.deepEqual(at([...three, '05-saved-queries']), [null, [], 4]);
  assert.deepEqual(trackState(week, all, progress(three)).next?.number, '04');
});
