import { Command, InvalidArgumentError } from 'commander';
import { NoApiError, runTraffic, summaryLines } from '../traffic/index.ts';

interface TrafficCommand {
  api: string;
  minutes: number;
  rate: number;
  users: number;
  seed: number;
}

const program = new Command('npm run traffic --')
  .description('Many people use the Murmur that npm start runs.')
  .option('--minutes <number>', 'how long', positive, 1)
  .option('--rate <number>', 'requests a second', positive, 5)
  .option('--users <number>', 'how many people', wholeNumber, 24)
  .option('--api <url>', "address of Murmur's API", url, 'http://localhost:3000')
  .option('--seed <number>', 'which people take part, and what they do', wholeNumber, 1)
  .exitOverride();

/** Returns the exit code: 0, 1 if there is no API or it went away, 2 for wrong usage. */
async function main(): Promise<number> {
  try {
    program.parse();
  } catch (error) {
    return (error as { exitCode?: number }).exitCode === 0 ? 0 : 2;
  }
  const options = program.opts<TrafficCommand>();
  const stop = new AbortController();
  process.on('SIGINT', () => stop.abort());
  process.on('SIGTERM', () => stop.abort());
  const line = oneLine(process.stderr);
  try {
    const traffic = await runTraffic({
      apiUrl: options.api,
      seconds: options.minutes * 60,
      rate: options.rate,
      users: options.users,
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

/** One line that changes on a terminal; elsewhere only its first words. */
function oneLine(stream: NodeJS.WriteStream): { show: (text: string) => void; clear: () => void } {
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
