import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { readClickHouseAddress } from '../clickhouse/index.ts';
import type { LabHoneycomb } from '../server/index.ts';
import type { CommandWorld } from './world.ts';

interface LabCommandOptions {
  port: number;
  otlpPort: number;
  dir: string;
  origin: string[];
  page: boolean;
  store?: string;
}

/** `npm run lab`: the lab alone, until Ctrl-C. A relative folder counts from the root. */
export function addLabCommand(program: Command, { root, env, out }: CommandWorld): void {
  program
    .command('lab')
    .description('Collects traces, keeps them, answers queries. Everything stays on this machine.')
    .option('--port <number>', 'port of the HTTP API', port, 4000)
    .option('--otlp-port <number>', 'port that takes OTLP over HTTP', port, 4318)
    .option('--dir <folder>', 'where the data is kept', '.workshop/lab')
    .option('--origin <origin...>', 'pages that may send spans', [
      'http://localhost:4200',
      'http://127.0.0.1:4200',
    ])
    .option('--no-page', 'leave out the page')
    .option('--store <address>', 'read a ClickHouse database instead: clickhouse://user@host:8123/otel')
    .action((options: LabCommandOptions) =>
      options.store === undefined
        ? runLab(options, { root, env, log: out })
        : runReadingLab(options, options.store, { root, env, log: out }),
    );
}

/**
 * Resolves when the lab was asked to end (SIGINT, SIGTERM) and has ended.
 * @throws StoreError when the data is in use; an error with code EADDRINUSE when a port is
 */
async function runLab(options: LabCommandOptions, honeycomb: LabHoneycomb): Promise<void> {
  // Loading DuckDB takes 0.3 s, which the other commands need not wait for.
  const { startLab } = await import('../server/index.ts');
  const lab = await startLab({
    dir: resolve(honeycomb.root, options.dir),
    port: options.port,
    otlpPort: options.otlpPort,
    allowedOrigins: options.origin,
    honeycomb,
    queries: resolve(honeycomb.root, 'queries'),
    page: options.page,
    log: honeycomb.log,
  });
  honeycomb.log(
    [
      'The lab runs.',
      '',
      ...(lab.page ? [`  Page            ${lab.url.replace('127.0.0.1', 'localhost')}`] : []),
      `  Send spans to   ${lab.otlpUrl}/v1/traces`,
      `  HTTP API        ${lab.url}/api/openapi.json`,
      `  Data            ${lab.store.path}`,
      '',
      'Stop it with Ctrl-C.',
    ].join('\n'),
  );
  await signalToEnd();
  await lab.close();
}

/**
 * The same over a database that a Collector fills.
 * @throws ClickHouseProblem when it cannot be read
 */
async function runReadingLab(
  { dir, port, page }: LabCommandOptions,
  store: string,
  { root, env, log }: LabHoneycomb,
): Promise<void> {
  const address = readClickHouseAddress(store, env ?? process.env);
  const { startReadingLab } = await import('../server/index.ts');
  const lab = await startReadingLab({
    store: address,
    dir: resolve(root, dir),
    port,
    page,
    queries: resolve(root, 'queries'),
    log,
  });
  log(
    [
      'The lab runs, and reads a ClickHouse database.',
      '',
      ...(lab.page ? [`  Page            ${lab.url.replace('127.0.0.1', 'localhost')}`] : []),
      `  HTTP API        ${lab.url}/api/openapi.json`,
      `  Reads           ${lab.reads}`,
      '',
      'It collects nothing itself: send spans to the Collector that fills the database.',
      'Stop it with Ctrl-C.',
    ].join('\n'),
  );
  await signalToEnd();
  await lab.close();
}

/** The first SIGINT or SIGTERM. Later ones find the lab closing: npm passes a Ctrl-C on that came already. */
function signalToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('A port is 0 to 65535.');
  return value;
}
