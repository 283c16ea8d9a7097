import { Command, InvalidArgumentError } from 'commander';
import { browserTraffic, NoApiError, runTraffic, summaryLines, visitsLine } from '../traffic/index.ts';

interface TrafficCommand {
  api: string;
  minutes: number;
  rate: number;
  users?: number;
  browser?: true;
  page?: string;
  seed: number;
}

const program = new Command('npm run traffic --')
  .description('Many people use the Murmur that npm start runs.')
  .option('--minutes <number>', 'how long', positive, 1)
  .option('--rate <number>', 'requests a second', positive, 5)
  .option('--users <number>', 'how many people (default: 24, with --browser 5)', wholeNumber)
  .option('--api <url>', "address of Murmur's API", url, 'http://localhost:3000')
  .option('--browser', 'use the page in a browser that shows no window')
  .option('--page <url>', "address of Murmur's page, for --browser (default: http://localhost:4200)", url)
  .option('--seed <number>', 'which people take part, and what they do', wholeNumber, 1)
  .exitOverride();

/** Returns the exit code: 0, 1 if there is no API or it went away, 2 for wrong usage. */
async function main(): Promise<number> {
  try {
    program.parse();
    const { browser, page } = program.opts<TrafficCommand>();
    if (page && !browser) program.error('error: --page goes with --browser only');
  } catch (error) {
    return (error as { exitCode?: number }).exitCode === 0 ? 0 : 2;
  }
  const options = program.opts<TrafficCommand>();
  const stop = new AbortController();
  process.on('SIGINT', () => stop.abort());
  process.on('SIGTERM', () => stop.abort());
  const line = oneLine(process.stderr);
  if (options.browser) return await browse(options, line, stop.signal);
  try {
    const traffic = await runTraffic({
      apiUrl: options.api,
      seconds: options.minutes * 60,
      rate: options.rate,
      users: options.users ?? 24,
      seed: options.seed,
      onProgress: line.show,
      signal: stop.signal,
    });
    line.clear();
    console.log(summaryLines(traffic).join('\n'));
    if (traffic.lostApi) console.error(`\nNothing answers at ${options.api} any more, so this ended early.`);
    return traffic.lostApi ? 1 : 0;
  } catch (error) {
    line.clear();
    if (!(error instanceof NoApiError)) throw error;
    console.error(error.message);
    return 1;
  }
}

/** The same through the page. Returns the exit code: 1 also when there is no browser. */
async function browse(options: TrafficCommand, line: Line, signal: AbortSignal): Promise<number> {
  // Only now: it loads much that requests alone do not need.
  const [{ NoPageError, originsLine, runBrowserTraffic }, { BrowserMissingError }] = await Promise.all([
    browserTraffic(),
    import('../world/index.ts'),
  ]);
  try {
    const traffic = await runBrowserTraffic({
      pageUrl: options.page ?? 'http://localhost:4200',
      seconds: options.minutes * 60,
      users: options.users ?? 5,
      seed: options.seed,
      onProgress: line.show,
      signal,
    });
    line.clear();
    console.log(`${visitsLine(traffic)}\n${originsLine(traffic)}`);
    if (traffic.lostPage)
      console.error(`\nNothing answers at ${traffic.page} any more, so this ended early.`);
    return traffic.lostPage ? 1 : 0;
  } catch (error) {
    line.clear();
    const known = [NoPageError, NoApiError, BrowserMissingError].some((kind) => error instanceof kind);
    if (!known) throw error;
    console.error((error as Error).message);
    return 1;
  }
}

interface Line {
  show: (text: string) => void;
  clear: () => void;
}

/** One line that changes on a terminal; elsewhere only its first words. */
function oneLine(stream: NodeJS.WriteStream): Line {
  if (!stream.isTTY) {
    let said = false;
    return {
      show: () => {
        if (!said) stream.write('Sending requests ...\n');
        said = true;
      },
      clear: () => {},
    };
  }
  return { show: (text) => stream.write(`\r\x1b[K${text}`), clear: () => stream.write('\r\x1b[K') };
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1_440)) throw new InvalidArgumentError('It is not a number above 0.');
  return value;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.');
  return Number(text);
}

function url(text: string): string {
  if (!URL.canParse(text)) throw new InvalidArgumentError('It looks like http://localhost:3000');
  return text;
}

process.exit(await main());
