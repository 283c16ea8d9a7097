import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const clock = fileURLToPath(new URL('../node/clock.cjs', import.meta.url));

/** Runs a program whose clock is wrong by so much, and returns what it prints as JSON. */
async function withClock(skewMs: string | undefined, program: string): Promise<Record<string, unknown>> {
  const { WORKSHOP_CLOCK_SKEW_MS: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['--require', clock, '--eval', program], {
    env: { ...env, ...(skewMs !== undefined && { WORKSHOP_CLOCK_SKEW_MS: skewMs }) },
  });
  return JSON.parse(stdout);
}

const program = `
  const before = process.hrtime.bigint(), mark = performance.now();
  const times = {
    now: Date.now(),
    made: new Date().getTime(),
    text: new Date(Date()).getTime(),
    fixed: new Date(0).toISOString(),
    utc: Date.UTC(2020, 0, 1),
    parsed: Date.parse('2020-01-01T00:00:00Z'),
    isDate: new Date() instanceof Date && Object.prototype.toString.call(new Date()),
    ofClass: new (class Day extends Date { name() { return 'day'; } })().name(),
    origin: performance.timeOrigin + performance.now(),
    forward: process.hrtime.bigint() > before && performance.now() >= mark && performance.now() < 60000,
  };
  console.log(JSON.stringify(times));
`;

describe('a wrong clock', () => {
  for (const skewMs of [5_000, -60_000]) {
    test(`is wrong by ${skewMs} ms everywhere the time of day is read, and measures right`, async () => {
      const started = Date.now();
      const times = await withClock(String(skewMs), program);
      const ended = Date.now();
      for (const name of ['now', 'made', 'origin'] as const) {
        const real = Number(times[name]) - skewMs;
        assert.ok(real >= started - 50 && real <= ended + 50, `${name} is off by ${real - started} ms`);
      }
      const spoken = Number(times.text) - skewMs; // whole seconds
      assert.ok(spoken >= started - 1_050 && spoken <= ended + 50);
      assert.equal(times.fixed, '1970-01-01T00:00:00.000Z');
      assert.equal(times.utc, times.parsed);
      assert.equal(times.isDate, '[object Date]');
      assert.equal(times.ofClass, 'day');
      assert.equal(times.forward, true);
    });
  }

  test('can be set later, if the variable was there at the start', async () => {
    const setLater = `
      const { setClockSkew } = require(${JSON.stringify(clock)});
      const kept = Date, before = Date.now();
      setClockSkew(7000);
      console.log(JSON.stringify({
        before,
        now: kept.now(),
        made: new kept().getTime(),
        origin: performance.timeOrigin + performance.now(),
      }));
    `;
    const times = await withClock('0', setLater);
    assert.ok(Math.abs(Number(times.before) - Date.now()) < 5_000);
    for (const name of ['now', 'made', 'origin'] as const) {
      const ahead = Number(times[name]) - Number(times.before);
      assert.ok(ahead >= 7_000 && ahead < 8_000, `${name} is ${ahead} ms ahead`);
    }
    await assert.rejects(withClock(undefined, setLater), /WORKSHOP_CLOCK_SKEW_MS was not there at the start/);
  });

  test('is right when nothing, or no number, was asked for', async () => {
    for (const skew of [undefined, '0', 'soon']) {
      const { now } = await withClock(skew, 'console.log(JSON.stringify({ now: Date.now() }))');
      assert.ok(Math.abs(Number(now) - Date.now()) < 5_000);
    }
  });
});
