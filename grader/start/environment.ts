import path from 'node:path';
import { openTelemetryEnvironment, repositoryRoot } from '@workshop/base';
import { compiledCodeEnvironment, scriptPath } from '../world/index.ts';

export interface AppEnvironment {
  /** Environment of this shell. */
  shell: NodeJS.ProcessEnv;
  packageDir: string;
  port?: number;
  databaseUrl: string;
  pageOrigin: string;
  /** Names beyond this machine's own under which the API answers. */
  apiHosts?: readonly string[];
  collectorUrl: string;
  /** By how many seconds its clock is ahead; absent or null: right. */
  clockSkewSeconds?: number | null;
  color: boolean;
}

/** Preload that sets the clock of its process wrong, by WORKSHOP_CLOCK_SKEW_MS. */
const clock = path.join(repositoryRoot, 'grader', 'capture', 'node', 'clock.cjs');
/** For the lab and `npm run honeycomb` alone: Murmur sends to the lab, which forwards. */
const keys = ['HONEYCOMB_API_KEY', 'HONEYCOMB_CONFIG_KEY'];

/** The shell's environment for processes that send nothing to Honeycomb. */
export function withoutKeys(shell: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(shell).filter(([name]) => !keys.includes(name)));
}

const addressOfClass = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_HEADERS'];

/** The shell's environment where a lab runs: it passes spans on to the Collector of a class, and holds the token. */
export function throughTheLab(shell: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(shell).filter(([name]) => !addressOfClass.includes(name)));
}

/**
 * Environment of Murmur's API and worker: the shell's, and OpenTelemetry's standard variables so that whatever SDK the
 * learner starts reaches the lab. A variable that the shell sets itself wins.
 */
export function appEnvironment(wanted: AppEnvironment): NodeJS.ProcessEnv {
  const shell = withoutKeys(wanted.shell);
  const skewMs = (wanted.clockSkewSeconds ?? 0) * 1000;
  // Before anything else: a library may keep the time at which it was loaded.
  const nodeOptions = [skewMs !== 0 && `--require ${JSON.stringify(clock)}`, shell.NODE_OPTIONS];
  return {
    // Spans show in the lab half a second after they end, not five.
    ...openTelemetryEnvironment({ collectorUrl: wanted.collectorUrl, exportEveryMs: 500 }),
    ...(wanted.color ? {} : { NO_COLOR: '1' }),
    // Murmur wants one of its own where the shell says NODE_ENV=production.
    SESSION_SECRET: 'only-for-development',
    // What the grader's boots have compiled is as good for these.
    ...compiledCodeEnvironment(),
    ...shell,
    ...(skewMs === 0 ? {} : { WORKSHOP_CLOCK_SKEW_MS: String(skewMs) }),
    NODE_OPTIONS: nodeOptions.filter(Boolean).join(' '),
    PATH: scriptPath(wanted.packageDir, shell.PATH),
    DATABASE_URL: wanted.databaseUrl,
    PAGE_ORIGIN: wanted.pageOrigin,
    ...(wanted.apiHosts?.length ? { ALLOWED_HOSTS: wanted.apiHosts.join(',') } : {}),
    ...(wanted.port === undefined ? {} : { PORT: String(wanted.port) }),
  };
}
