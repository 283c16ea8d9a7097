import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PageLoad } from '../../evidence/index.ts';
import { diagnoseLateDocumentLoad } from '../diagnosis/page/document-load.ts';
import { pageRecord, pageSpan, visit } from './support/page.ts';

const load = (startedMs: number, parsedMs: number | null | undefined = startedMs + 80): PageLoad => ({
  startedMs,
  providerMs: startedMs + 120,
  angular: { atMs: startedMs + 150, parsedMs, watched: ['fetch'], provider: true },
});
const loading = (startMs: number) => pageSpan('document load', { startMs });

test('a span about loading the page that begins in a script is one where the browser says so, and no other', () => {
  const cases: [string, PageLoad[], number[], RegExp | null][] = [
    ['with the navigation', [load(1000)], [1001], null],
    ['in a script', [load(1000)], [1090], /begins 90 ms after/],
    ['one of two begins early', [load(1000)], [1090, 1003], null],
    ['in a script, on the second load', [load(1000), load(5000)], [1001, 5100], /begins 100 ms after/],
    ['a load without a span is not judged', [load(1000), load(5000)], [1001], null],
    ['the browser does not say', [load(1000, null)], [1090], null],
    ['an older run', [load(1000, undefined), { startedMs: 5000, providerMs: 5100 }], [1001, 5100], null],
  ];
  for (const [what, loads, starts, saw] of cases) {
    const spans = starts.map(loading);
    const record = pageRecord({ telemetry: { ...pageRecord().telemetry, loads } });
    const finding = diagnoseLateDocumentLoad(visit({ page: record, spans }), spans);
    assert.equal(finding?.reason, saw ? 'span-covers-too-little' : undefined, what);
    if (saw) assert.match(finding?.saw ?? '', saw);
  }
});
