import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { WorkshopError } from '@workshop/base';
import { Secret } from './secret.ts';

/** Honeycomb's two regions. A key works in the region where it was made, and only there. */
export const US_ENDPOINT = 'https://api.honeycomb.io';
export const EU_ENDPOINT = 'https://api.eu1.honeycomb.io';

/** The files that may hold keys, first one wins. Both are in .gitignore. */
export const KEY_FILES = ['honeycomb.env', '.env'] as const;

/** Everything the workshop knows about the learner's Honeycomb account. Keys are absent when not set. */
export interface HoneycombConfig {
  /** HONEYCOMB_API_KEY: sends spans (an ingest key, or a configuration key that may send events). */
  ingestKey?: Secret;
  /** HONEYCOMB_CONFIG_KEY: reads and writes queries and boards. */
  configKey?: Secret;
  /** HONEYCOMB_API_ENDPOINT, without a slash at the end. */
  endpoint: string;
  /** True if the learner chose the endpoint; false for the default (US). */
  endpointChosen: boolean;
  /** HONEYCOMB_TEAM: the team's slug, for links. */
  team?: string;
  /** HONEYCOMB_ENVIRONMENT: the environment's slug, for links. */
  environment?: string;
  /** HONEYCOMB_LEARNER: goes into `deployment.environment.name`, so that a class can share one environment. */
  learner?: string;
}

/**
 * Reads the settings from the environment, then from `honeycomb.env`, then from `.env` at the root.
 * Throws WorkshopError for a setting that cannot work; the message never holds a key.
 */
export function readConfig(root: string, env: NodeJS.ProcessEnv = process.env): HoneycombConfig {
  const files = KEY_FILES.map((name) => readEnvFile(path.join(root, name)));
  const setting = (name: string): string | undefined => {
    for (const source of [env, ...files]) {
      const value = source[name]?.trim();
      if (value) return value;
    }
    return undefined;
  };
  const endpoint = setting('HONEYCOMB_API_ENDPOINT');
  return {
    ingestKey: readKey('HONEYCOMB_API_KEY', setting('HONEYCOMB_API_KEY')),
    configKey: readKey('HONEYCOMB_CONFIG_KEY', setting('HONEYCOMB_CONFIG_KEY')),
    endpoint: checkEndpoint(endpoint ?? US_ENDPOINT),
    endpointChosen: endpoint !== undefined,
    team: setting('HONEYCOMB_TEAM'),
    environment: setting('HONEYCOMB_ENVIRONMENT'),
    learner: setting('HONEYCOMB_LEARNER'),
  };
}

/** The configuration key, or a WorkshopError that says how to get one. */
export function needConfigKey(config: HoneycombConfig): Secret {
  if (config.configKey) return config.configKey;
  throw new WorkshopError(
    [
      'No configuration key is set: HONEYCOMB_CONFIG_KEY is missing.',
      '',
      'In Honeycomb: Environment settings > API Keys > Configuration.',
      'Allow "Manage Queries and Columns" and "Manage Public Boards".',
      ...whereToPut('HONEYCOMB_CONFIG_KEY'),
    ].join('\n'),
  );
}

/** The ingest key, or a WorkshopError that says how to get one. */
export function needIngestKey(config: HoneycombConfig): Secret {
  if (config.ingestKey) return config.ingestKey;
  throw new WorkshopError(
    [
      'No ingest key is set: HONEYCOMB_API_KEY is missing.',
      '',
      'In Honeycomb: Environment settings > API Keys > Ingest.',
      'Allow "Can create datasets".',
      ...whereToPut('HONEYCOMB_API_KEY'),
    ].join('\n'),
  );
}

function whereToPut(name: string): string[] {
  return [
    'Then write this line into the file honeycomb.env at the root of this folder:',
    '',
    `  ${name}=your key`,
    '',
    'Git ignores that file. Nothing in this workshop needs an account.',
  ];
}

function readEnvFile(file: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new WorkshopError(`${path.basename(file)} cannot be read: ${(error as Error).message}`);
  }
}

// fetch refuses a header value with a line break or a control character, and quotes it in its error.
// So a key is checked here, where the message can leave the value out.
function readKey(name: string, value: string | undefined): Secret | undefined {
  if (value === undefined) return undefined;
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new WorkshopError(`${name} is not a key: it holds a space or a character that no key has.`);
  }
  return new Secret(value);
}

function checkEndpoint(text: string): string {
  const hint = `Use ${US_ENDPOINT} (US) or ${EU_ENDPOINT} (EU).`;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new WorkshopError(`HONEYCOMB_API_ENDPOINT is not a URL. ${hint}`);
  }
  if (url.username || url.password) {
    throw new WorkshopError(`HONEYCOMB_API_ENDPOINT must not hold a user name or a password. ${hint}`);
  }
  // Every request carries a key: plain HTTP is for a server on this machine only.
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw new WorkshopError(`HONEYCOMB_API_ENDPOINT must begin with https://. ${hint}`);
  }
  if (/\/v1\/(traces|logs|metrics)\/?$/.test(url.pathname)) {
    throw new WorkshopError(`HONEYCOMB_API_ENDPOINT is the server alone, without ${url.pathname}. ${hint}`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
