import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import type { Theme } from './browsing.ts';

const THEMES: Theme[] = ['light', 'dark'];

/**
 * Holds what a page shows now to axe, and to its width. With PICTURES=<folder> it does so in both themes, and takes
 * their pictures.
 */
export async function looksRight(page: Page, name: string): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  assert.equal(
    await page.evaluate('document.documentElement.scrollWidth'),
    width,
    `${name} scrolls sideways`,
  );
  const folder = process.env.PICTURES;
  // One theme at each width, unless pictures of all are taken.
  const themes = folder ? THEMES : THEMES.slice(width < 1280 ? 1 : 0).slice(0, 1);
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    if (folder) await page.screenshot({ path: `${folder}/${name}-${width}-${theme}.png` });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    const said = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
    );
    assert.deepEqual(said, [], `${name}, ${theme}, ${width} px`);
  }
}
