import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

export const MARKUP =
  '<img src=x onerror="window.ran=1"><script>window.ran=2</script><svg onload="window.ran=3">';
const ESCAPE = '\u001b]8;;http://evil.example\u0007link\u001b[31mred';
const BIDI = 'user\u202egnp.exe\u2066 \u200f';
export const ADDRESS = 'javascript:window.ran=4';
/** All of it in one text, with a word that says which field it is. */
export const hostile = (field: string): string =>
  `${field} ${MARKUP} {{constructor.constructor('ran=5')()}} ${ESCAPE} ${BIDI} ${ADDRESS}`;

/** Nothing of a span became an element, a link or a handler, and nothing that a browser obeys is in any text. */
export async function isHarmless(page: Page): Promise<void> {
  const found = (await page.evaluate(`(() => {
    const obeyed = /[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]/;
    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) texts.push(walker.currentNode.data);
    const elements = [...document.querySelectorAll('*')];
    const attributes = elements.flatMap((element) => [...element.attributes].map(({ name, value }) => ({ name, value })));
    return {
      ran: window.ran ?? null,
      images: document.querySelectorAll('img[src], iframe, object, embed').length,
      foreignScripts: [...document.scripts].filter(({ src }) => !src.startsWith(location.origin)).length,
      handlers: attributes.filter(({ name }) => name.startsWith('on')).length,
      addresses: [...document.links].map(({ href }) => href).filter((href) => !href.startsWith(location.origin)),
      obeyedInText: texts.filter((text) => obeyed.test(text)).map((text) => text.slice(0, 200)),
    obeyedInAttributes: attributes.filter(({ value }) => obeyed.test(value)).map(({ name }) => name),
    };
  })()`)) as Record<string, unknown>;
  assert.deepEqual(found, {
    ran: null,
    images: 0,
    foreignScripts: 0,
    handlers: 0,
    addresses: [],
    obeyedInText: [],
    obeyedInAttributes: [],
  });
}
