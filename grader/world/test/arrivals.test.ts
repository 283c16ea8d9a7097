import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Arrivals } from '../page/arrivals.ts';
import type { OpenBrowser } from '../page/browser.ts';
import type { BuiltPage } from '../page/build-page.ts';
import type { Visitor } from '../page/visitor.ts';

/** Visitors whose window opens at once, of a page whose build ends when it is told to. */
function made() {
  const building = Promise.withResolvers<BuiltPage | null>();
  const arrived = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  let came = 0;
  const visitor = { leave: async () => left.resolve() } as unknown as Visitor;
  const arrivals = new Arrivals({
    origin: 'http://localhost:4200',
    page: () => building.promise,
    browser: async () => ({ browser: {} }) as OpenBrowser,
    async arrive() {
      came++;
      arrived.resolve();
      return visitor;
    },
  });
  return { arrivals, building, arrived: arrived.promise, left: left.promise, visitor, came: () => came };
}

const built = (directory: string | null): BuiltPage => ({ ok: directory !== null, directory }) as BuiltPage;

describe('visitors who are expected', () => {
  test('open their window while the page is built, and are had once it is', { timeout: 5_000 }, async () => {
    const { arrivals, building, arrived, visitor, came } = made();
    arrivals.expect();
    await arrived;
    const next = arrivals.next();
    building.resolve(built('/site'));
    assert.equal(await next, visitor);
    assert.equal(came(), 1);
  });

  test('leave when the page does not build, or its builder does not work', { timeout: 5_000 }, async () => {
    const broken = made();
    broken.arrivals.expect();
    broken.building.resolve(built(null));
    assert.equal(await broken.arrivals.next(), null);
    await broken.left;

    const trouble = made();
    trouble.arrivals.expect();
    trouble.building.reject(new Error('no builder'));
    await assert.rejects(trouble.arrivals.next(), /no builder/);
    await trouble.left;
  });

  test('leave when nobody takes them', { timeout: 5_000 }, async () => {
    const { arrivals, building, arrived, left, came } = made();
    arrivals.expect();
    await arrived;
    arrivals.leave();
    building.resolve(built('/site'));
    await left;
    await arrivals.next();
    assert.equal(came(), 2);
  });
});
