import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { evidence, nestSpan, query, request, serverSpan, span } from '@workshop/grader/test/evidence';
import type { Browser } from 'playwright-core';
import type { CheckResult, ExerciseResult, Failure } from '../../judge/index.ts';
import { BrowserMissingError, openBrowser } from '../../world/index.ts';
import { htmlReport, type JsonReport, jsonReport, junitReport, markdownSummary } from '../index.ts';

/** What a stranger would write to run something, end an element, turn text round or end a fence. */
const EVIL =
  '</td></style></script><script>window.ran = true</script><img src=x onerror="window.ran = true">\u202e\u001b[31m\u0000]]>```\n````\ud800\'"&';

const server = serverSpan({ name: `GET /feed ${EVIL}`, status: { code: 'ERROR', message: EVIL } });
const own = span(EVIL, {
  parentSpanId: server.spanId,
  attributes: { [EVIL]: EVIL, list: [EVIL] },
  resource: { 'service.name': EVIL },
  events: [{ name: EVIL, timeMs: 1005, attributes: { [EVIL]: EVIL } }],
  scope: { name: EVIL },
  startMs: 1050,
  durationMs: 25,
});
const all = evidence({
  exercise: '03-custom-span',
  requests: [request()],
  spans: [
    server,
    own,
    ...Array.from({ length: 7 }, (_, at) => query(server, 1010 + at, 5)),
    nestSpan('FeedController', server),
  ],
});
const base = { failure: null, blockedBy: [], trouble: null };
const failure: Failure = {
  reason: 'span-missing',
  saw: EVIL,
  wanted: EVIL,
  cause: EVIL,
  look: EVIL,
  output: [EVIL],
  tables: [{ title: EVIL, columns: [EVIL], rows: [[EVIL]] }],
  views: [
    {
      title: EVIL,
      traceId: server.traceId,
      marks: [
        {
          traceId: server.traceId,
          spanId: server.spanId,
          text: `MISSING HERE: ${EVIL}`,
          missing: true,
          place: 'child',
          interval: { startMs: 1020, endMs: 1060 },
        },
        { traceId: server.traceId, spanId: null, text: EVIL },
      ],
    },
  ],
};
const checks: CheckResult[] = [
  { ...base, id: 'a', number: '03.1', title: 'it passes', verdict: 'pass' },
  { ...base, id: 'b', number: '03.2', title: EVIL, verdict: 'fail', failure },
  { ...base, id: 'c', number: '03.3', title: 'it waits', verdict: 'blocked', blockedBy: ['b'] },
  { ...base, id: 'd', number: '03.4', title: 'it broke', verdict: 'error', trouble: EVIL },
];
const result: ExerciseResult = {
  id: '03-custom-span',
  verdict: 'error',
  checks,
  told: {},
  ms: 1500,
  evidence: null,
  trouble: null,
};
const passed: ExerciseResult = {
  ...result,
  id: '01-first-trace',
  verdict: 'pass',
  checks: checks.slice(0, 1),
};
const report: JsonReport = jsonReport(
  { seed: 7, tree: EVIL, exitCode: 3, ms: 1234 },
  [passed, result],
  new Map([
    ['01-first-trace', all],
    ['03-custom-span', all],
  ]),
);

test('the summary of a job holds a message in a fence that the message cannot end', () => {
  const text = markdownSummary(report);
  assert.match(text, /^### 1 of 2 exercises pass\n/);
  assert.match(text, /^\| 01-first-trace \| passes \| 1 of 1 \|$/m);
  const other = markdownSummary({
    ...report,
    exercises: report.exercises.map((one) => ({ ...one, verdict: 'fail' as const })),
  });
  assert.match(other, /^\| 03-custom-span \| still to do \| 1 of 4 \|$/m);
  assert.match(other, /^`{5}text$/m);
  assert.match(other, /\n`{5}\n\nThe same run again: `npm run grade -- --seed 7`/);
});

test("JUnit counts checks: failures, waiting ones as skipped, and the grader's own trouble as an error", () => {
  const text = junitReport(report);
  assert.match(
    text,
    /<testsuites name="murmur" tests="5" failures="1" errors="1" skipped="1" time="1\.234">/,
  );
  assert.match(
    text,
    /<testsuite name="03-custom-span" tests="4" failures="1" errors="1" skipped="1" time="1\.500">/,
  );
  assert.match(text, /<failure type="span-missing" message="03\.2/);
  assert.doesNotMatch(text, /[\u0000-\u0008\u000b\u001b\u202e]|<script/);
});

interface Seen {
  ran: boolean;
  scripts: number;
  images: number;
  heading: string;
  open: number;
  ghost: string;
  bar: number;
  names: string[];
  wide: boolean;
}

describe('in a browser', () => {
  let browser: Browser | null = null;
  const folder = mkdtempSync(path.join(tmpdir(), 'report-'));
  before(async () => {
    browser = await openBrowser().then(
      (open) => open.browser,
      (error) => {
        if (error instanceof BrowserMissingError) return null;
        throw error;
      },
    );
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the HTML report shows everything, runs nothing and asks for nothing', async (context) => {
    if (!browser) return context.skip('no browser');
    const file = path.join(folder, 'report.html');
    writeFileSync(file, htmlReport(report));
    const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on('request', (one) => asked.push(one.url()));
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(pathToFileURL(file).href);
    assert.deepEqual(asked, [pathToFileURL(file).href]);
    assert.deepEqual(complaints, []);
    const seen = await page.evaluate<Seen>(`({
      ran: 'ran' in window,
      scripts: document.scripts.length,
      images: document.images.length,
      heading: document.querySelector('h1').textContent,
      open: document.querySelectorAll('li details[open]').length,
      // The style counts: its hash is the one of the policy.
      ghost: getComputedStyle(document.querySelector('.missing')).outlineStyle,
      bar: document.querySelector('li .bars rect').getBoundingClientRect().width,
      names: [...document.querySelectorAll('li .name')].map((one) => one.textContent),
      wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    })`);
    assert.deepEqual([seen.ran, seen.scripts, seen.images, seen.open], [false, 0, 0, 1]);
    assert.equal(seen.heading, '1 of 2 exercises pass');
    assert.equal(seen.ghost, 'dashed');
    assert.ok(seen.bar > 50, `${seen.bar} px`);
    assert.ok(seen.names.includes('pg.query:SELECT murmur × 7'), seen.names.join(' | '));
    assert.equal(seen.wide, false);
    await page.close();
  });

  test('the JUnit report is sound XML with the very texts', async (context) => {
    if (!browser) return context.skip('no browser');
    const page = await browser.newPage();
    const [root, message] = await page.evaluate<[string, string]>(`(() => {
      const parsed = new DOMParser().parseFromString(${JSON.stringify(junitReport(report))}, 'application/xml');
      return [parsed.documentElement.nodeName, parsed.querySelector('failure').textContent];
    })()`);
    assert.equal(root, 'testsuites');
    assert.match(message, /<script>window\.ran = true<\/script>/);
    await page.close();
  });
});
