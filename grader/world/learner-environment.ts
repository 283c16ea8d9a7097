import { openTelemetryEnvironment } from '@workshop/base';
import { compiledCodeEnvironment } from './compiled-code.ts';
import { scriptPath } from './script.ts';

/** What a shell, node and npm need from the machine. Everything else of our environment stays out. */
const passedOn = [
  'HOME',
  'TMPDIR',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'LC_MESSAGES',
  'LC_COLLATE',
  'LC_TIME',
  'LC_NUMERIC',
];
const passedOnWindows = [
  'SystemRoot',
  'SystemDrive',
  'windir',
  'ComSpec',
  'PATHEXT',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'ProgramData',
  'ProgramFiles',
  'NUMBER_OF_PROCESSORS',
  'PROCESSOR_ARCHITECTURE',
];

export interface LearnerEnvironment {
  /** app-backend of the tree: its node_modules/.bin comes first in PATH */
  backendDir: string;
  port: number | null;
  databaseUrl: string;
  sessionSecret: string;
  receiverUrl: string;
  /** what the scenario adds, for example OTEL_TRACES_SAMPLER_ARG; null: the process is not told it */
  extra?: Record<string, string | null>;
}

/**
 * The whole environment of a learner's process: an allow-list, so that no key of this shell or CI can reach a span, a
 * log or the code that is graded. The capture adds its own on top.
 */
export function learnerEnvironment(wanted: LearnerEnvironment): Record<string, string> {
  const environment: Record<string, string> = {};
  const names = process.platform === 'win32' ? [...passedOn, ...passedOnWindows] : passedOn;
  for (const name of names) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  const told: Record<string, string | null> = {
    ...environment,
    PATH: scriptPath(wanted.backendDir),
    ...(wanted.port === null ? {} : { PORT: String(wanted.port) }),
    DATABASE_URL: wanted.databaseUrl,
    SESSION_SECRET: wanted.sessionSecret,
    PAGE_ORIGIN: 'http://localhost:4200',
    NO_COLOR: '1',
    ...compiledCodeEnvironment(),
    ...openTelemetryEnvironment({ collectorUrl: wanted.receiverUrl, exportEveryMs: 100 }),
    ...wanted.extra,
  };
  return Object.fromEntries(
    Object.entries(told).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}
