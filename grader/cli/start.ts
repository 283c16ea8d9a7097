import { repositoryRoot } from '@workshop/base';
import { Command, InvalidArgumentError } from 'commander';
import picocolors from 'picocolors';
import { runDevelopment } from '../start/index.ts';
import { repairText, repairWorkingTree, WorkingTreeError } from '../tree/index.ts';
import { runCommand } from './run-command.ts';

interface StartOptions {
  dbDelay: number;
  network: number;
  skew?: number;
  page: boolean;
  lab: boolean;
  verbose?: boolean;
  apiPort: number;
  pagePort: number;
  labPort: number;
  collectorPort: number;
}

const program = new Command('npm start --')
  .description('Runs Murmur and the lab on this machine, and restarts what you save.')
  .option('--db-delay <ms>', 'how far away the database is, each way', milliseconds, 3)
  .option('--network <ms>', 'how far away the API is from its users, each way', milliseconds, 0)
  .option('--skew <seconds>', "by how much the API's clock is ahead (-5: behind)", seconds)
  .option('--no-page', 'leave out the page')
  .option('--no-lab', 'leave out the lab')
  .option('--verbose', 'show also what Nest and Angular list at each start')
  .option('--api-port <port>', 'port of the API', port, 3000)
  .option('--page-port <port>', 'port of the page', port, 4200)
  .option('--lab-port <port>', 'port of the lab', port, 4000)
  .option('--collector-port <port>', 'port that takes spans', port, 4318)
  .exitOverride();

/** Runs until Ctrl-C and returns the exit code; 2 for wrong usage or when something is in the way. */
async function main(): Promise<number> {
  program.parse();
  const options = program.opts<StartOptions>();
  const repaired = await repairWorkingTree();
  if (repaired) console.log(`${repairText(repaired)}\n`);
  const { cyan, magenta, green, yellow, dim, isColorSupported } = picocolors;
  return await runDevelopment({
    root: repositoryRoot,
    ports: {
      api: options.apiPort,
      page: options.pagePort,
      lab: options.labPort,
      collector: options.collectorPort,
    },
    databaseDelayMs: options.dbDelay,
    networkDelayMs: options.network,
    clockSkewSeconds: options.skew ?? null,
    page: options.page,
    lab: options.lab,
    verbose: options.verbose ?? false,
    shell: process.env,
    write: (text) => process.stdout.write(text),
    ...(isColorSupported &&
      process.stdout.isTTY && {
        colors: { api: cyan, worker: magenta, page: green, lab: yellow, start: dim },
      }),
  });
}

function milliseconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 10_000))
    throw new InvalidArgumentError('It is 0 to 10000 milliseconds.');
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It is not a number.');
  return value;
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new InvalidArgumentError('A port is 1 to 65535.');
  return value;
}

process.exit(await runCommand([WorkingTreeError], main));
