/**
 * Measures the page's budgets in a real browser against a real lab:
 *
 *   npm run bench:page
 *
 * Exit code 1 when one is over its budget. On a busy machine they all are: let nothing else run.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browsing, startBrowsing } from '../test/support/browsing.ts';
import { largeTrace } from '../test/support/made-spans.ts';
import { median } from './median.ts';
import { verdictToPaint } from './verdict.ts';
import { workOf } from './work.ts';

interface Measured {
  what: string;
  value: number;
  unit: string;
  budget: number;
  note?: string;
}

const TIMES = 7;
const FRAMES = 240;
/** A display shows 60 frames a second; the clock of a browser is coarse to a tenth of a millisecond. */
const FRAME_MS = 16.7;

/** What a browser loads before the first view: everything that index.html names. */
function initialKilobytes(directory: string): number {
  const html = readFileSync(join(directory, 'index.html'), 'utf8');
  const files = new Set([...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, file]) => file));
  const sizes = [...files].map((file) => gzipSync(readFileSync(join(directory, file as string))).length);
  return (gzipSync(html).length + sizes.reduce((sum, size) => sum + size, 0)) / 1024;
}

interface Opening {
  /** from the click in the list until the rows are painted, milliseconds */
  all: number;
  /** of it without waiting for the lab's answer */
  page: number;
  /** processor time of the main thread */
  work: number;
}

async function openingMs(browsing: Browsing, traceId: string): Promise<Opening> {
  const page = await browsing.open('/traces');
  const workMs = await workOf(page);
  const link = `a[href="/trace/${traceId}"]`;
  await page.locator(link).waitFor();
  const all: number[] = [];
  const own: number[] = [];
  const work: number[] = [];
  for (let n = 0; n <= TIMES; n++) {
    const before = await workMs();
    const [total, answer] = (await page.evaluate(`(async () => {
      performance.clearResourceTimings();
      const begun = performance.now();
      document.querySelector('${link}').click();
      const frame = () => new Promise((next) => requestAnimationFrame(next));
      while (!document.querySelector('.row')) await frame();
      await frame();
      const [{ startTime, responseEnd }] = performance.getEntriesByName(location.origin + '/api/traces/${traceId}');
      return [performance.now() - begun, responseEnd - startTime];
    })()`)) as [number, number];
    // The first time its code is loaded, too.
    if (n > 0) {
      all.push(total);
      own.push(total - answer);
      work.push((await workMs()) - before);
    }
    await page.goBack();
    await page.locator(link).waitFor();
  }
  await page.context().close();
  return { all: median(all), page: median(own), work: median(work) };
}

/** Intervals between frames while the waterfall is scrolled from its top to its end, and the work for each of them. */
async function frames(browsing: Browsing, traceId: string): Promise<{ intervals: number[]; workMs: number }> {
  const page = await browsing.open(`/trace/${traceId}`);
  await page.locator('.row').first().waitFor();
  const workMs = await workOf(page);
  const before = await workMs();
  const intervals = await page.evaluate(`(async () => {
    const grid = document.querySelector('[role=treegrid]');
    const frame = () => new Promise((next) => requestAnimationFrame(next));
    const step = (grid.scrollHeight - grid.clientHeight) / ${FRAMES};
    const intervals = [];
    for (let n = 0; n < 10; n++) await frame();
    let before = await frame();
    for (let n = 0; n < ${FRAMES}; n++) {
      grid.scrollTop += step;
      const now = await frame();
      intervals.push(now - before);
      before = now;
    }
    return intervals;
  })()`);
  const after = await workMs();
  await page.context().close();
  return { intervals: intervals as number[], workMs: (after - before) / FRAMES };
}

async function measure(): Promise<Measured[]> {
  const browsing = await startBrowsing();
  try {
    const [five, ten] = [largeTrace(Date.now() - 20_000, 5_000), largeTrace(Date.now() - 10_000, 10_000)];
    for (const trace of [five, ten]) await browsing.send(trace);
    const opening = await openingMs(browsing, five[0]?.traceId ?? '');
    const { intervals, workMs } = await frames(browsing, ten[0]?.traceId ?? '');
    const late = intervals.filter((ms) => ms > FRAME_MS + 1);
    return [
      {
        what: 'loaded before the first view',
        value: initialKilobytes(browsing.lab.page?.directory ?? ''),
        unit: 'KB gzip',
        budget: 130,
      },
      {
        what: 'a trace of 5,000 spans, from the answer to the paint',
        value: opening.page,
        unit: 'ms',
        budget: 100,
        note: `${opening.all.toFixed(0)} ms from the click; the page works ${opening.work.toFixed(0)} ms`,
      },
      {
        what: 'frames that were late while 10,000 spans were scrolled through',
        value: late.length,
        unit: `of ${intervals.length}`,
        budget: 0,
        note: `median ${median(intervals).toFixed(1)} ms, longest ${Math.max(...intervals).toFixed(1)} ms; the page works ${workMs.toFixed(1)} ms a frame`,
      },
    ];
  } finally {
    await browsing.close();
  }
}

async function measureVerdict(): Promise<Measured> {
  const { all, answer, page, work, characters } = await verdictToPaint();
  return {
    what: 'a verdict, from its event to the paint',
    value: all,
    unit: 'ms',
    budget: 50,
    note: `${answer.toFixed(0)} ms until the answer of ${(characters / 1024).toFixed(0)} KB, ${page.toFixed(0)} ms from there; the page works ${work.toFixed(0)} ms`,
  };
}

const measured = [...(await measure()), await measureVerdict()];
for (const { what, value, unit, budget, note } of measured) {
  const text = `${value.toFixed(unit === 'ms' || unit === 'KB gzip' ? 1 : 0)} ${unit}`;
  const fine = value <= budget ? 'ok  ' : 'OVER';
  console.log(
    `${fine}  ${text.padEnd(16)} budget ${String(budget).padEnd(4)}  ${what}${note ? ` (${note})` : ''}`,
  );
}
process.exitCode = measured.every(({ value, budget }) => value <= budget) ? 0 : 1;
