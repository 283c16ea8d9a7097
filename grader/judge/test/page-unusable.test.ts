/** What is said of a page that could not be used, by what it did. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evidence } from '@workshop/grader/test/evidence';
import type { Evidence, PageRecord } from '../../evidence/index.ts';
import { diagnosePageUnusable } from '../diagnosis/page/page-unusable.ts';
import { pageRecord } from './support/page.ts';

const incomplete: Evidence['drive'] = { state: 'incomplete', step: 'open /', message: 'the page is blank' };
const said = (given: Partial<PageRecord>, drive = incomplete) =>
  diagnosePageUnusable(evidence({ page: pageRecord(given), drive }));

describe('a page that could not be used', () => {
  for (const [given, reason, words] of [
    [{ state: 'blank' }, 'page-blank', /showed nothing at all/],
    [{ state: 'never-ready', visibleText: 'Loading' }, 'page-never-ready', /It shows "Loading"/],
    [{ state: 'unresponsive' }, 'page-never-ready', /answered nothing more: its JavaScript was at work/],
    [
      { state: 'script-error', errors: ['TypeError: no list\n    at start (app-frontend/src/main.ts:3)'] },
      'page-script-error',
      /could be used: TypeError: no list\./,
    ],
  ] as const)
    test(`is called by what it did: ${given.state}`, () => {
      const found = said(given as Partial<PageRecord>);
      assert.equal(found?.reason, reason);
      assert.match(found?.saw ?? '', words);
    });

  test('has its picture named, when one was taken', () => {
    const screenshot = '.workshop/evidence/one.png';
    assert.match(said({ state: 'unresponsive', screenshot })?.saw ?? '', /evidence\/one\.png\.$/);
  });

  test('is none when the scenario came to its end', () => {
    assert.equal(said({ state: 'usable' }, { state: 'complete' }), null);
  });
});
