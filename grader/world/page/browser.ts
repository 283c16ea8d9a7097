import { WorkshopError } from '@workshop/base';
import type { Browser } from 'playwright-core';
import { environmentWithoutSecrets } from '../process/own-environment.ts';
import { type BrowserCandidate, browserCandidates } from './browser-candidates.ts';

/** No browser on this machine. The message says how to get one. */
export class BrowserMissingError extends WorkshopError {
  override name = 'BrowserMissingError';
}

export interface OpenBrowser {
  browser: Browser;
  /** where it was found: `CHROME_PATH`, `installed`, `channel chrome`, `channel msedge`, `embedded` */
  source: string;
  version: string;
}

/**
 * What Playwright turns off. Chromium takes the last list that it is given, so ours must hold Playwright's; a test
 * compares them.
 */
const offByPlaywright = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'msForceBrowserSignIn',
  'msEdgeUpdateLaunchServicesPreferredVersion',
];

/**
 * Work that nobody sees here. Every visitor is a window to Chromium: its address bar loads two pages of its own, half of
 * the processor time of a visit, and a process for a next site is started beside each page.
 */
const offForVisitors = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'SpareRendererForSitePerProcess',
];

/** Web security stays as it is for everybody: a check of CORS would pass with it off. */
export const browserArguments = [
  // Page, API and collector listen on 127.0.0.1 only; another program may have the same port on ::1.
  '--host-resolver-rules=MAP localhost 127.0.0.1',
  `--disable-features=${[...offByPlaywright, ...offForVisitors].join(',')}`,
  // Chromium refuses its sandbox to root, and says nothing of use.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  // The grader's windows are never in front, and timers of hidden pages run late.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

/**
 * Starts the first browser that can be started.
 * @throws BrowserMissingError with what was tried and what to install
 */
export async function openBrowser(
  candidates: BrowserCandidate[] = browserCandidates(),
): Promise<OpenBrowser> {
  const { chromium } = await import('playwright-core');
  const tried: string[] = [];
  for (const candidate of candidates) {
    try {
      const found = await candidate.find();
      if (found === null) continue;
      const { source, ...launch } = found;
      const env = environmentWithoutSecrets() as Record<string, string>;
      const browser = await chromium.launch({
        env,
        ...launch,
        args: browserArguments,
        headless: true,
        // Playwright would close the browser at these and keep this process alive, which nobody who sends them expects.
        // The browser ends with this process in any case: they speak over a pipe.
        handleSIGTERM: false,
        handleSIGHUP: false,
      });
      return { browser, source, version: browser.version() };
    } catch (error) {
      tried.push(`${candidate.source}: ${firstLine(error)}`);
    }
  }
  throw new BrowserMissingError(
    [
      'No browser was found on this machine, and exercises 06 to 10 need one.',
      'Install Chrome, Chromium or Edge, or set CHROME_PATH to the program.',
      ...(process.platform === 'linux' ? ['On Debian and Ubuntu: sudo apt install chromium'] : []),
      ...tried.map((line) => `Tried ${line}`),
    ].join('\n'),
  );
}

function firstLine(error: unknown): string {
  return (
    String((error as Error)?.message ?? error)
      .split('\n')
      .find((line) => line.trim() !== '') ?? ''
  ).slice(0, 200);
}
