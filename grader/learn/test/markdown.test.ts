import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doneHtml, htmlOf, readmeHtml, termsIn } from '../markdown.ts';

test('markup in a text is text, and no link runs a script', () => {
  const html = htmlOf('<script>alert(1)</script> <img src=x onerror=alert(1)> [a](javascript:alert(1))');
  assert.doesNotMatch(html, /<script|<img|href="javascript/);
  assert.match(html, /&lt;script&gt;/);
});

test('links lead where the page can follow', () => {
  const html = htmlOf(
    '[a](../../GLOSSARY.md#self-time) [b](../04-errors/README.md) [c](../../app-backend/src/main.ts) [d](https://opentelemetry.io/docs#x)',
  );
  assert.deepEqual(
    [...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href),
    ['#term-self-time', '/learn/04', '#open=app-backend/src/main.ts', 'https://opentelemetry.io/docs#x'],
  );
  assert.match(html, /opentelemetry\.io\/docs#x" target="_blank" rel="noopener noreferrer"/);
});

test('the first heading is left out, and the words of the glossary come with the text', () => {
  const html = readmeHtml(
    '# 03 · Title\n\nA [tracer](../../GLOSSARY.md#tracer) and a [span](../../GLOSSARY.md#span).',
  );
  assert.doesNotMatch(html, /Title/);
  const glossary =
    '# Glossary\n\n## span\n\n*Exercise 01.* A piece of `work`.\n\n## tracer\n\n*Exercise 03.* It makes spans.\n\n## trace\n\n*Exercise 01.* All.\n';
  assert.deepEqual(termsIn(html, glossary), {
    span: { name: 'span', html: '<p>A piece of <code>work</code>.</p>\n' },
    tracer: { name: 'tracer', html: '<p>It makes spans.</p>\n' },
  });
});

test('numbers of the run stand in done.md, and what they hold is no Markdown', () => {
  assert.equal(
    doneHtml('It has {{queries}} queries, {{unknown}}.', { queries: 163 }),
    '<p>It has 163 queries, ?.</p>\n',
  );
  assert.equal(
    doneHtml('{{name}}', { name: '**<b>[x](https://evil.example)' }),
    '<p>**&lt;b&gt;[x](https://evil.example)</p>\n',
  );
});
