import { accessSync, constants } from 'node:fs';
import { unpackEmbeddedBrowser } from './embedded-browser.ts';

/** How Playwright starts one browser. */
export interface BrowserLaunch {
  /** what it is, for messages: `CHROME_PATH`, `installed`, `channel chrome`, `embedded` */
  source: string;
  executablePath?: string;
  channel?: string;
  /** the whole environment of the browser, where it needs another than ours */
  env?: Record<string, string>;
}

/** A place where a browser may be. */
export interface BrowserCandidate {
  source: string;
  /** null: there is none; an error: there is something, but it cannot be used */
  find(): Promise<BrowserLaunch | null>;
}

/**
 * Where browsers are looked for, in order: what CHROME_PATH names, the one that npm brought along (Linux on x64 only),
 * what chrome-launcher finds, and the channels that Playwright knows.
 *
 * The embedded one comes before those of the machine. It is the same for everybody, and it is Chromium without windows:
 * a visit takes half the processor time.
 *
 * GRADER_BROWSER=embedded leaves out all others, GRADER_BROWSER=installed leaves that one out, and GRADER_BROWSER=none
 * leaves out all: to try what happens on other machines.
 */
export function browserCandidates(env: NodeJS.ProcessEnv = process.env): BrowserCandidate[] {
  const chosen: BrowserCandidate = { source: 'CHROME_PATH', find: async () => named(env.CHROME_PATH) };
  const embedded: BrowserCandidate = { source: 'embedded', find: embeddedBrowser };
  const installed: BrowserCandidate[] = [
    { source: 'installed', find: async () => installedBrowser() },
    { source: 'channel chrome', find: async () => ({ source: 'channel chrome', channel: 'chrome' }) },
    { source: 'channel msedge', find: async () => ({ source: 'channel msedge', channel: 'msedge' }) },
  ];
  switch (env.GRADER_BROWSER) {
    case 'none':
      return [];
    case 'embedded':
      return [embedded];
    case 'installed':
      return [chosen, ...installed];
    default:
      return [chosen, embedded, ...installed];
  }
}

function named(path: string | undefined): BrowserLaunch | null {
  if (!path) return null;
  accessSync(path, constants.X_OK);
  return { source: 'CHROME_PATH', executablePath: path };
}

async function installedBrowser(): Promise<BrowserLaunch | null> {
  const { Launcher } = await import('chrome-launcher');
  try {
    const [executablePath] = Launcher.getInstallations();
    return executablePath ? { source: 'installed', executablePath } : null;
  } catch {
    return null; // it throws when it finds none
  }
}

async function embeddedBrowser(): Promise<BrowserLaunch | null> {
  const unpacked = await unpackEmbeddedBrowser();
  return unpacked && { source: 'embedded', ...unpacked };
}
