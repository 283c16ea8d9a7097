import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lab, type LabOptions, startLab } from '@workshop/lab';
import { encodeTraceRequest, type Span } from '@workshop/telemetry';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../../grader/world/index.ts';

export type Theme = 'light' | 'dark';

export interface Looks {
  width?: number;
  height?: number;
  theme?: Theme;
}

/** A real lab that serves the built page, and a real Chromium that looks at it. */
export interface Browsing {
  lab: Lab;
  /** folder of the lab's data */
  dir: string;
  browser: Browser;
  /** Resolves when the lab has stored them. */
  send(spans: readonly Span[]): Promise<void>;
  /** A window of its own. What goes wrong in it is kept in `complaints`. */
  open(path: string, looks?: Looks): Promise<Page>;
  /** errors of scripts, of the console and of the content security policy, since the last look */
  complaints(): string[];
  close(): Promise<void>;
}

/** Whatever a test waits for is there within a second, on a busy machine within a few. */
const LOOK_MS = 8_000;

/** Builds the page first, when it was not built of these sources before: 8 to 20 s. */
export async function startBrowsing(options: Partial<LabOptions> = {}): Promise<Browsing> {
  const dir = await mkdtemp(join(tmpdir(), 'lab-page-'));
  const lab = await startLab({ dir, port: 0, otlpPort: 0, page: true, ...options });
  await lab.page?.settled;
  if (lab.page?.directory == null) {
    await lab.close();
    throw new Error(`The page was not built: ${lab.page?.trouble}`);
  }
  const { browser } = await openBrowser();
  let said: string[] = [];
  return {
    lab,
    dir,
    browser,
    async send(spans) {
      const answer = await fetch(`${lab.otlpUrl}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: encodeTraceRequest(spans, 'protobuf'),
      });
      if (answer.status !== 200) throw new Error(`The lab answered ${answer.status}`);
    },
    async open(path, { width = 1280, height = 800, theme = 'light' } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: theme,
        timezoneId: 'Europe/Zurich',
      });
      context.setDefaultTimeout(LOOK_MS);
      const page = await context.newPage();
      page.on('pageerror', (error) => said.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') said.push(`${message.text()} ${message.location().url}`);
      });
      await page.goto(lab.url.replace('127.0.0.1', 'localhost') + path);
      return page;
    },
    complaints() {
      const all = said;
      said = [];
      return all;
    },
    async close() {
      await browser.close();
      await lab.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
