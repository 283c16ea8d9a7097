import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '@workshop/base';
import type { Span } from '@workshop/telemetry';
import { type Browsing, startBrowsing } from './support/browsing.ts';
import { ADDRESS, hostile, isHarmless, MARKUP } from './support/hostile.ts';
import { traceMaker } from './support/made-spans.ts';

function hostileTrace(startMs: number): Span[] {
  const { span } = traceMaker(startMs);
  const root = span({
    name: hostile('name'),
    ms: 50,
    kind: 'SERVER',
    service: hostile('service'),
    error: hostile('status'),
  });
  root.attributes = {
    [hostile('key')]: hostile('value'),
    'http.request.method': hostile('method'),
    'url.path': hostile('path'),
    'user.id': hostile('user'),
    'url.full': ADDRESS,
    list: [hostile('item')],
    ['__proto__']: hostile('prototype'),
    long: 'x'.repeat(1_000_000),
  };
  root.resource = {
    'service.name': hostile('service'),
    [hostile('resource key')]: hostile('resource value'),
  };
  root.scope = { name: hostile('scope'), version: hostile('version') };
  root.traceState = `vendor=${MARKUP}`;
  root.events = [
    {
      name: hostile('event'),
      timeMs: startMs + 10,
      attributes: { [hostile('event key')]: hostile('event value') },
    },
  ];
  root.links = [
    {
      traceId: root.traceId,
      spanId: '00000000000000ff',
      attributes: { [hostile('link key')]: hostile('link value') },
    },
  ];
  return [root, span({ name: hostile('child'), at: 5, ms: 10, parent: root })];
}

describe('what strangers write into spans', () => {
  let browsing: Browsing;
  const trace = hostileTrace(Date.now() - 10_000);
  const [root] = trace as [Span];

  before(async () => {
    browsing = await startBrowsing();
    await browsing.send(trace);
  });
  after(() => browsing.close());

  test('is text in the list, in the waterfall, in every field of the drawer and as text: nothing of it runs', async () => {
    const page = await browsing.open('/traces');
    await page.getByText('name <img src=x').first().waitFor();
    await isHarmless(page);
    await page.getByRole('link', { name: /name <img/ }).click();
    await page.locator('.row').first().waitFor();
    await isHarmless(page);
    await page.locator('.row').first().click();
    await page.getByRole('heading', { name: 'Attributes' }).first().waitFor();
    const drawer = (await page.locator('lab-span-drawer').textContent()) ?? '';
    for (const field of [
      ...['name', 'service', 'status', 'key', 'value', 'method', 'item', 'prototype', 'resource key'],
      ...[
        'resource value',
        'scope',
        'version',
        'event',
        'event key',
        'event value',
        'link key',
        'link value',
      ],
    ]) {
      assert.ok(drawer.includes(`${field} <img src=x`), `${field} is shown`);
    }
    for (const code of ['\\u{1b}', '\\u{202e}', '\\u{2066}', '\\u{200f}', '\\u{7}']) {
      assert.ok(drawer.includes(code), `${code} is shown as its code`);
    }
    assert.ok(drawer.includes(ADDRESS));
    await isHarmless(page);
    await page.getByRole('button', { name: 'Text' }).click();
    await page.locator('pre').waitFor();
    await isHarmless(page);
    assert.deepEqual(browsing.complaints(), []);
    await page.context().close();
  });

  test('is cut where it is long, and whole when it is asked for', async () => {
    const page = await browsing.open(`/trace/${root.traceId}?span=${root.spanId}`);
    const value = page.locator('[data-key=long] .value');
    await value.waitFor();
    assert.equal(((await value.textContent()) ?? '').length, 2_000);
    await page.getByRole('button', { name: 'Show all 65535 characters' }).click();
    // More is not kept by the lab.
    assert.ok(await until(async () => (await value.textContent())?.length === 65_535));
    await page.context().close();
  });

  test('does no harm from an address or a file either', async () => {
    const evil = encodeURIComponent(hostile('find'));
    const page = await browsing.open(
      `/trace/${root.traceId}?find=${evil}&span=${evil}&zoom=${evil}&fold=${evil}`,
    );
    await page.locator('.row').first().waitFor();
    await isHarmless(page);
    await page.goto(`${new URL(page.url()).origin}/traces?q=${evil}&with=${evil}`);
    await page.getByRole('searchbox').waitFor();
    await isHarmless(page);
    await page.goto(`${new URL(page.url()).origin}/trace/${evil}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await isHarmless(page);
    await page.goto(`${new URL(page.url()).origin}/traces`);
    await page.locator('input[type=file]').setInputFiles({
      name: '<img src=x onerror="window.ran=6">.json',
      mimeType: 'application/json',
      buffer: Buffer.from('{"resourceSpans": "<script>window.ran=7</script>"}'),
    });
    await page.getByText('<img src=x onerror="window.ran=6">.json cannot be shown').waitFor();
    await isHarmless(page);
    browsing.complaints();
    await page.context().close();
  });
});
