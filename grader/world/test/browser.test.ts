import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { until } from '@workshop/base';
import { browserArguments } from '../page/browser.ts';
import {
  type BrowserCandidate,
  BrowserMissingError,
  browserCandidates,
  type OpenBrowser,
  openBrowser,
} from '../page/index.ts';
import { findProcess } from '../process/process-table.ts';

const isLinuxX64 = process.platform === 'linux' && process.arch === 'x64';

const missing = (source: string): BrowserCandidate => ({ source, find: async () => null });
const broken = (source: string): BrowserCandidate => ({
  source,
  find: async () => ({ source, executablePath: '/nowhere/browser' }),
});

describe('finding a browser', () => {
  test('looks at CHROME_PATH first, then at what npm brought along, then at what is installed', () => {
    const sources = (env: NodeJS.ProcessEnv) => browserCandidates(env).map(({ source }) => source);
    const installed = ['installed', 'channel chrome', 'channel msedge'];
    assert.deepEqual(sources({}), ['CHROME_PATH', 'embedded', ...installed]);
    assert.deepEqual(sources({ GRADER_BROWSER: 'installed' }), ['CHROME_PATH', ...installed]);
    assert.deepEqual(sources({ GRADER_BROWSER: 'embedded' }), ['embedded']);
    assert.deepEqual(sources({ GRADER_BROWSER: 'none' }), []);
  });

  test('takes CHROME_PATH as it is, and nothing when it is not set', async () => {
    const [named] = browserCandidates({ CHROME_PATH: process.execPath });
    assert.deepEqual(await named?.find(), { source: 'CHROME_PATH', executablePath: process.execPath });
    assert.equal(await browserCandidates({})[0]?.find(), null);
    await assert.rejects(async () => browserCandidates({ CHROME_PATH: '/nowhere/chrome' })[0]?.find());
  });

  test('says what it tried and how to get a browser, when there is none', async () => {
    await assert.rejects(openBrowser([missing('CHROME_PATH'), broken('installed')]), (error: Error) => {
      assert.ok(error instanceof BrowserMissingError);
      assert.match(error.message, /No browser was found/);
      assert.match(error.message, /CHROME_PATH/);
      assert.match(error.message, /Tried installed: /);
      return true;
    });
  });
});

/** A page on localhost, and an API on 127.0.0.1 that allows one header and not the other. */
function startOrigins(): Promise<{ url: string; api: string; close(): void }> {
  const server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    if (request.method === 'OPTIONS') response.setHeader('access-control-allow-headers', 'content-type');
    else response.setHeader('content-type', 'text/html');
    response.end('<p>Read <a href="#end">on</a>');
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        url: `http://localhost:${port}/`,
        api: `http://127.0.0.1:${port}/api`,
        close: () => void server.close(),
      });
    });
  });
}

async function isThere(candidate: BrowserCandidate | undefined): Promise<boolean> {
  const found = await candidate?.find().catch(() => null);
  return found?.executablePath !== undefined && existsSync(found.executablePath);
}

const candidates = browserCandidates({});
const installed = candidates.find(({ source }) => source === 'installed');
const embedded = candidates.find(({ source }) => source === 'embedded');

for (const [name, candidate, skip] of [
  ['the installed browser', installed, !(await isThere(installed)) && 'none is installed'],
  ['the embedded browser', embedded, !isLinuxX64 && 'only for Linux on x64'],
] as const) {
  describe(name, { skip }, () => {
    let open: OpenBrowser;
    let origins: Awaited<ReturnType<typeof startOrigins>>;

    before(async () => {
      origins = await startOrigins();
      open = await openBrowser(
        name === 'the embedded browser' ? [missing('installed'), candidate!] : [candidate!],
      );
    });
    after(async () => {
      await open?.browser.close();
      origins?.close();
    });

    test('ends with a program that is told to end', {
      skip: process.platform === 'win32' && 'no signals',
    }, async () => {
      const script = `const { openBrowser } = await import(${JSON.stringify(new URL('../page/browser.ts', import.meta.url))});
        const { browser } = await openBrowser([{ source: 'named', find: async () => (${JSON.stringify(await candidate?.find())}) }]);
        const { processInfo } = await (await browser.newBrowserCDPSession()).send('SystemInfo.getProcessInfo');
        console.log(processInfo.find(({ type }) => type === 'browser').id);`;
      const program = spawn(process.execPath, ['--input-type=module', '--eval', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(program.stdout, 'readable'); // at its end, too
      const browserPid = Number(program.stdout.read()?.toString());
      assert.ok(browserPid > 0, 'no browser was opened');
      program.kill('SIGTERM');
      const ended = await until(() => program.signalCode !== null, { maxMs: 10_000 });
      program.kill('SIGKILL');
      assert.ok(ended, 'the program goes on');
      assert.ok(
        await until(() => findProcess(browserPid) === null, { maxMs: 10_000 }),
        'the browser goes on',
      );
    });

    test('is the one that was asked for', () => {
      assert.equal(open.source, candidate?.source);
      assert.match(open.version, /^\d+\./);
    });

    test('turns off all that Playwright turns off, since the last list counts', async () => {
      const { chromium } = await import('playwright-core');
      const { source: _, ...launch } = (await candidate?.find()) ?? { source: '' };
      // Without automation Chromium does not tell its arguments.
      const browser = await chromium.launch({
        ...launch,
        args: [...browserArguments, '--enable-automation'],
      });
      const session = await browser.newBrowserCDPSession();
      const { arguments: line } = await session.send('Browser.getBrowserCommandLine');
      await browser.close();
      const [theirs, ours] = line
        .filter((argument) => argument.startsWith('--disable-features='))
        .map((argument) => argument.slice('--disable-features='.length).split(','));
      assert.ok(theirs && ours, 'two lists were given');
      assert.deepEqual(
        theirs.filter((feature) => !ours.includes(feature)),
        [],
      );
    });

    test('loads no page but the visitor’s own', async () => {
      const page = await open.browser.newPage();
      await page.goto(origins.url);
      const session = await open.browser.newBrowserCDPSession();
      const { targetInfos } = await session.send('Target.getTargets', { filter: [{}] });
      const urls = targetInfos.filter(({ type }) => type !== 'tab').map(({ url }) => url);
      assert.deepEqual(urls, [origins.url]);
      await page.close();
    });

    test('refuses a header that the other origin does not allow, and says which', async () => {
      const page = await open.browser.newPage();
      const lines: string[] = [];
      page.on('console', (message) => lines.push(message.text()));
      await page.goto(origins.url);
      const send = (header: string) =>
        page.evaluate(
          ([api, name]) =>
            fetch(api, { headers: { [name]: 'application/json' } }).then(({ status }) => status, String),
          [origins.api, header] as const,
        );
      assert.equal(await send('content-type'), 200);
      assert.match(String(await send('traceparent')), /Failed to fetch/);
      assert.match(lines.join('\n'), /Request header field traceparent is not allowed/);
      await page.close();
    });

    test('shows text that has a size, so that links can be clicked', async () => {
      const page = await open.browser.newPage();
      await page.goto(origins.url);
      const link = page.getByRole('link', { name: 'on' });
      assert.ok(((await link.boundingBox())?.width ?? 0) > 5);
      await link.click({ timeout: 10_000 });
      assert.match(page.url(), /#end$/);
      await page.close();
    });
  });
}
