import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { freePort } from '@workshop/base';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../grader/world/index.ts';

/** The page over ClickHouse. With PICTURES=<folder> it also takes pictures. */

/** The engine's first statements, and the page's first build, take seconds. */
const PATIENCE_MS = 600_000;
const programs: ChildProcess[] = [];
let dir: string;
let browser: Browser;
let url: string;
const complaints: string[] = [];

/** Starts a program of this repository; resolves with the first line that is like this. */
async function start(args: readonly string[], line: RegExp): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  programs.push(child);
  for await (const text of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    if (!line.test(text)) continue;
    child.stdout?.resume();
    return text.trim();
  }
  throw new Error(`${args[0]} ended before it said ${line}`);
}

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'page-clickhouse-'));
  const store = await start(['lab/clickhouse/test/serve.ts'], /^clickhouse:/);
  const port = await freePort();
  const options = ['--store', store, '--dir', dir, '--port', String(port)];
  await start(['lab/cli/main.ts', 'lab', ...options], /Stop it with Ctrl-C/);
  url = `http://localhost:${port}`;
  ({ browser } = await openBrowser());
});
after(async () => {
  await browser?.close();
  for (const child of programs.reverse()) {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
  await rm(dir, { recursive: true, force: true });
});

async function look(name: string, path: string, sign: (page: Page) => Promise<unknown>): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    timezoneId: 'Europe/Zurich',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  context.setDefaultNavigationTimeout(PATIENCE_MS);
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url + path);
  await sign(page);
  const folder = process.env.PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `clickhouse-${name}.png`) });
  await context.close();
}

test('it says what it reads, and shows traces, a heatmap and the map', async () => {
  await look('traces', '/traces', async (page) => {
    await page.getByText('Reads ClickHouse').waitFor();
    await page.getByText('/feed').first().waitFor();
  });
  const query = {
    time_range: 7200,
    calculations: [{ op: 'HEATMAP', column: 'duration_ms' }, { op: 'COUNT' }],
  };
  await look('query', `/query?${new URLSearchParams({ q: JSON.stringify(query) })}`, async (page) => {
    await page.locator('lab-heatmap-chart').waitFor();
    await page.getByRole('heading', { name: 'Results' }).waitFor();
  });
  await look('map', '/map', (page) => page.getByText('murmur-api').first().waitFor());
  assert.deepEqual(complaints, []);
});
