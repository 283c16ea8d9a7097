import { repositoryRoot } from '@workshop/base';
import picocolors from 'picocolors';
import { runDevelopment } from '../start/index.ts';
import { sayRepairs } from './repairs.ts';

export interface StartOptions {
  dbDelay: number;
  network: number;
  skew?: number;
  sample?: number;
  page: boolean;
  lab: boolean;
  store?: string;
  grader: boolean;
  open?: boolean;
  verbose?: boolean;
  apiPort: number;
  pagePort: number;
  labPort: number;
  collectorPort: number;
}

/** Runs until Ctrl-C and returns the exit code; 2 for wrong usage or when something is in the way. */
export async function start(options: StartOptions): Promise<number> {
  await sayRepairs();
  const { blue, cyan, magenta, green, yellow, dim, isColorSupported } = picocolors;
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
    ...(options.store !== undefined && { store: options.store }),
    grader: options.grader,
    open: options.open ?? false,
    verbose: options.verbose ?? false,
    shell: {
      ...process.env,
      ...(options.sample !== undefined && { OTEL_TRACES_SAMPLER_ARG: String(options.sample) }),
    },
    write: (text) => process.stdout.write(text),
    ...(isColorSupported &&
      process.stdout.isTTY && {
        colors: { api: cyan, worker: magenta, page: green, lab: yellow, grade: blue, start: dim },
      }),
  });
}
