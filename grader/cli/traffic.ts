import { freshSeed, WorkshopError } from '@workshop/base';
import { screenOf } from '@workshop/base/terminal';
import {
  browserTraffic,
  deployLines,
  playDeploy,
  pollHealth,
  runRush,
  runTraffic,
  rushLines,
  summaryLines,
  tableLines,
  visitsLine,
} from '../traffic/index.ts';
import { type ProgressLine, progressLine } from './progress-line.ts';

export interface TrafficOptions {
  api: string;
  minutes: number;
  rate?: number;
  users?: number;
  browser?: true;
  page?: string;
  seed?: number;
  reset?: true;
  rush?: true;
  deploy?: true;
  collector: string;
}

type SeededOptions = TrafficOptions & { seed: number };

/** Uses Murmur for a while and says how it went. Returns 1 if it went away, else 0; Ctrl-C ends it early. */
export async function traffic(options: TrafficOptions): Promise<number> {
  const seed = options.seed ?? freshSeed();
  if (options.page && !options.browser) throw new WorkshopError('--page goes with --browser only.');
  if (options.rate !== undefined && options.browser)
    throw new WorkshopError('--rate does not go with --browser: the page sends what its visitors need.');
  if (options.reset) return await reset();
  if (options.rush) return await rush(options.api);
  if (options.deploy) return await deploy(options.collector);
  const stop = new AbortController();
  process.on('SIGINT', () => stop.abort());
  process.on('SIGTERM', () => stop.abort());
  const line = await progressLine(process.stderr, screenOf(process.stderr, process.env, false).plain);
  line.step('sending requests');
  const over = new AbortController();
  const polling = pollHealth(options.api, over.signal);
  try {
    const code = options.browser
      ? await browse({ ...options, seed }, line, stop.signal)
      : await request({ ...options, seed }, line, stop.signal);
    over.abort();
    console.log(`A load balancer asked for GET /health ${await polling} times meanwhile.`);
    return code;
  } finally {
    over.abort();
    line.stop();
  }
}

async function request(options: SeededOptions, line: ProgressLine, signal: AbortSignal): Promise<number> {
  const traffic = await runTraffic({
    apiUrl: options.api,
    seconds: options.minutes * 60,
    rate: options.rate ?? 5,
    users: options.users ?? 24,
    seed: options.seed,
    ...(line.live && { onProgress: line.step }),
    signal,
  });
  line.stop();
  console.log([...summaryLines(traffic), '', `The same people again: --seed ${options.seed}`].join('\n'));
  if (traffic.lostApi) console.error(`\nNothing answers at ${options.api} any more, so this ended early.`);
  return traffic.lostApi ? 1 : 0;
}

/** The same through the page. */
async function browse(options: SeededOptions, line: ProgressLine, signal: AbortSignal): Promise<number> {
  const { originsLine, runBrowserTraffic } = await browserTraffic();
  const traffic = await runBrowserTraffic({
    pageUrl: options.page ?? 'http://localhost:4200',
    seconds: options.minutes * 60,
    users: options.users ?? 5,
    seed: options.seed,
    ...(line.live && { onProgress: line.step }),
    signal,
  });
  line.stop();
  const lines = [
    visitsLine(traffic.visits),
    originsLine(traffic),
    ...tableLines(traffic),
    '',
    `The same people again: --seed ${options.seed}`,
  ];
  console.log(lines.join('\n'));
  const { lostPage } = traffic.visits;
  if (lostPage) console.error(`\nNothing answers at ${traffic.page} any more, so this ended early.`);
  return lostPage ? 1 : 0;
}

/** Some people publish at nearly the same time. */
async function rush(api: string): Promise<number> {
  console.log(rushLines(await runRush(api)).join('\n'));
  return 0;
}

/** A minute of somebody else's Murmur, whose spans are sent to the lab. */
async function deploy(collector: string): Promise<number> {
  console.log(deployLines(await playDeploy(collector)).join('\n'));
  return 0;
}

/** Murmur's data as on the first day, whether Murmur runs or not. */
async function reset(): Promise<number> {
  const { resetMurmurData } = await import('../start/index.ts');
  await resetMurmurData(process.env, (step) => console.error(step));
  console.log('Murmur has its first 200 people and 5,000 posts again; the newest is of this minute.');
  return 0;
}
