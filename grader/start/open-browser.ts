import { spawn } from 'node:child_process';

/**
 * Shows an address in the browser of the person at this machine. BROWSER is what Codespaces and many desktops set.
 * @returns false when no program could be started
 */
export function openInBrowser(url: string, environment: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const [program, ...words] = commandFor(url, environment);
  return new Promise((resolve) => {
    const child = spawn(program as string, words, {
      env: environment,
      stdio: 'ignore',
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

function commandFor(url: string, { BROWSER }: NodeJS.ProcessEnv): string[] {
  if (BROWSER) return [BROWSER, url];
  if (process.platform === 'darwin') return ['open', url];
  // `start` is a word of cmd.exe; its first quoted word would be the window's title. The address is made of our own parts.
  if (process.platform === 'win32') return ['cmd.exe', '/d', '/s', '/c', 'start', '""', url];
  return ['xdg-open', url];
}
