import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BurnAlert, Slo } from '../../api/index.ts';
import { type SloCounts, statusOf, windowsOf } from '../budget.ts';

/** Every number here was worked out by hand. */

const slo = (target_per_million: number, burn_alerts?: BurnAlert[]): Slo => ({
  name: 'Feed is fast',
  sli: { alias: 'feed_is_fast' },
  time_period_days: 7,
  target_per_million,
  ...(burn_alerts && { burn_alerts }),
});
const counts = (total: number, failed: number): SloCounts => ({ total, good: total - failed });
const measure = (period: SloCounts, last: [number, SloCounts][] = []) => ({ period, last: new Map(last) });

test('of 2,000 events at 99 % twenty may fail; five did: three quarters of the budget are left', () => {
  const status = statusOf(slo(990_000), measure(counts(2_000, 5)));
  assert.equal(status.allowed, 20);
  assert.equal(status.compliance, 99.75);
  assert.equal(status.budget_remaining, 75);
  assert.equal(status.status, 'no_alerts');
});

test('when more failed than may, the budget is below zero', () => {
  // 0.1 % of 10,000 are 10; 25 failed, so 15 too many: 150 % of the budget.
  const status = statusOf(slo(999_000), measure(counts(10_000, 25)));
  assert.equal(status.allowed, 10);
  assert.equal(status.budget_remaining, -150);
  assert.equal(status.compliance, 99.75);
});

test('the burn rate is what failed, as a multiple of what may', () => {
  const last: [number, SloCounts][] = [
    [60, counts(50, 2)],
    [240, counts(400, 4)],
  ];
  const status = statusOf(slo(990_000), measure(counts(2_000, 5), last));
  assert.equal(status.burn_rate_last_hour, 4);
  assert.equal(status.burn_rate, 1);
});

test('without events there is no share of anything', () => {
  const status = statusOf(slo(990_000), measure(counts(0, 0), [[60, counts(0, 0)]]));
  assert.equal(status.status, 'no_events');
  assert.deepEqual(
    [status.compliance, status.budget_remaining, status.burn_rate, status.burn_rate_last_hour],
    [null, null, null, null],
  );
});

test('exhaustion: the last quarter says how it goes on', () => {
  const alert: BurnAlert = { alert_type: 'exhaustion_time', exhaustion_minutes: 240 };
  const watched = slo(990_000, [alert]);
  assert.deepEqual(windowsOf(watched), [60, 240]);
  // 20 may fail, 5 did: 15 are left. 3 in the last 60 minutes: the rest lasts 300 minutes.
  const later = statusOf(watched, measure(counts(2_000, 5), [[60, counts(100, 3)]]));
  assert.equal(later.status, 'normal');
  assert.equal(
    later.alerts[0]?.text,
    'At the rate of the last 60 minutes the budget is spent in 5 hours; the limit is 4 hours.',
  );
  // 4 in the last 60 minutes: 15 last 225 minutes.
  const sooner = statusOf(watched, measure(counts(2_000, 5), [[60, counts(100, 4)]]));
  assert.equal(sooner.status, 'triggered');
  // Exactly at the limit: 3.75 of an hour's worth, 15 left, 240 minutes.
  const just = statusOf(watched, measure(counts(2_000, 5), [[60, counts(100, 3.75)]]));
  assert.equal(just.status, 'triggered');
  const quiet = statusOf(watched, measure(counts(2_000, 5), [[60, counts(100, 0)]]));
  assert.equal(quiet.alerts[0]?.text, 'Nothing failed in the last 60 minutes.');
  assert.equal(quiet.alerts[0]?.triggered, false);
  const spent = statusOf(watched, measure(counts(2_000, 20), [[60, counts(100, 0)]]));
  assert.deepEqual([spent.alerts[0]?.triggered, spent.alerts[0]?.text], [true, 'The budget is spent.']);
});

test('budget rate: a tenth of the budget in two hours is the limit', () => {
  const alert: BurnAlert = {
    alert_type: 'budget_rate',
    budget_rate_window_minutes: 120,
    budget_rate_decrease_threshold_per_million: 100_000,
  };
  const watched = slo(990_000, [alert]);
  assert.deepEqual(windowsOf(watched), [60, 240, 120]);
  const at = (failed: number) => statusOf(watched, measure(counts(2_000, 5), [[120, counts(300, failed)]]));
  assert.equal(at(1).alerts[0]?.triggered, false);
  assert.equal(at(1).alerts[0]?.text, '5 % of the budget went in the last 2 hours; the limit is 10 %.');
  assert.equal(at(2).alerts[0]?.triggered, true);
  const empty = statusOf(watched, measure(counts(0, 0), [[120, counts(0, 0)]]));
  assert.equal(empty.alerts[0]?.triggered, false);
});
