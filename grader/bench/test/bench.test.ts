import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { WorkshopError } from '@workshop/base';
import { type Pair, summarize } from '../bench.ts';
import { phasesOf } from '../grading-run.ts';
import { spreadOf } from '../statistics.ts';

describe('a spread', () => {
  test('is the middle value of an odd count, the mean of the two middle ones of an even count', () => {
    assert.deepEqual(spreadOf([3, 1, 10]), { min: 1, median: 3, max: 10 });
    assert.deepEqual(spreadOf([4, 1, 10, 2]), { min: 1, median: 3, max: 10 });
    assert.deepEqual(spreadOf([7]), { min: 7, median: 7, max: 7 });
    assert.throws(() => spreadOf([]), RangeError);
  });
});

describe('the ratio', () => {
  const pair = (grading: number, floor: number): Pair => ({
    seed: 1,
    grading: { launch: 0, boot: 0, requests: 0, collect: 0, judge: 0, stop: 0, total: grading },
    floor: { boot: 0, requests: 0, total: floor },
    ratio: grading / floor,
  });

  test('is taken within each pair, so that a busy minute counts for both sides', () => {
    const { ratio, grading, floor } = summarize([pair(140, 100), pair(1_500, 1_000), pair(320, 200)]);
    assert.deepEqual(ratio, { min: 1.4, median: 1.5, max: 1.6 });
    // The ratio of the medians would be 1.6.
    assert.equal(grading.total.median / floor.total.median, 1.6);
  });
});

describe('the phases of a grading', () => {
  const evidence = (startMs: number, startedAt: number, driveMs: number) =>
    ({
      startedAt: new Date(startedAt).toISOString(),
      driveMs,
      processes: [{ name: 'api', startedAtMs: 1_500, readyAfterMs: 900 }],
      requests: [
        { startMs, durationMs: 50 },
        { startMs: startMs + 20, durationMs: 200 },
      ],
    }) as unknown as Parameters<typeof phasesOf>[0][number];

  test('add up to the whole, over several exercises too', () => {
    const phases = phasesOf([evidence(2_600, 2_500, 400), evidence(3_000, 2_950, 300)], 120, 1_000, 4_000);
    assert.deepEqual(phases, {
      launch: 500,
      boot: 1_000,
      requests: 440,
      collect: 260,
      judge: 120,
      stop: 680,
      total: 3_000,
    });
    const { total, ...parts } = phases;
    assert.equal(
      Object.values(parts).reduce((sum, ms) => sum + ms, 0),
      total,
    );
  });

  test('are not told when the API never became ready', () => {
    assert.throws(() => phasesOf([], 0, 0, 1), WorkshopError);
  });
});
