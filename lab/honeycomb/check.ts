import { type Auth, createApi } from './api.ts';
import { createClient, HoneycombError } from './client.ts';
import { EU_ENDPOINT, type HoneycombConfig, US_ENDPOINT } from './config.ts';
import type { Secret } from './secret.ts';

export interface KeyReport {
  setting: 'HONEYCOMB_API_KEY' | 'HONEYCOMB_CONFIG_KEY';
  /** Usable for what the workshop does with it. */
  ok: boolean;
  auth: Auth | null;
  /** For a person: what the key may do, and what is wrong. */
  lines: string[];
}

export interface CheckReport {
  endpoint: string;
  keys: KeyReport[];
  ok: boolean;
  /** Trouble between the keys, for example two different environments. */
  warnings: string[];
}

/** Honeycomb's names for permissions, in the words of its page. */
const PERMISSIONS: [string, string][] = [
  ['events', 'Send Events'],
  ['createDatasets', 'Create Datasets'],
  ['columns', 'Manage Queries and Columns'],
  ['queries', 'Run Queries'],
  ['boards', 'Manage Public Boards'],
  ['privateBoards', 'Manage Private Boards'],
  ['markers', 'Manage Markers'],
  ['triggers', 'Manage Triggers'],
  ['slos', 'Manage SLOs'],
  ['recipients', 'Manage Recipients'],
];

/** Asks Honeycomb what each key that is set belongs to and may do. Makes no change there. */
export async function check(config: HoneycombConfig, doFetch: typeof fetch = fetch): Promise<CheckReport> {
  const keys: KeyReport[] = [];
  if (config.ingestKey) keys.push(await checkKey('HONEYCOMB_API_KEY', config.ingestKey, config, doFetch));
  if (config.configKey) keys.push(await checkKey('HONEYCOMB_CONFIG_KEY', config.configKey, config, doFetch));
  return { endpoint: config.endpoint, keys, ok: keys.every((k) => k.ok), warnings: compareKeys(keys) };
}

async function checkKey(
  setting: KeyReport['setting'],
  key: Secret,
  config: HoneycombConfig,
  doFetch: typeof fetch,
): Promise<KeyReport> {
  const bad = (...lines: string[]): KeyReport => ({ setting, ok: false, auth: null, lines });
  if (/^hc[a-z]mk_/.test(key.reveal())) {
    return bad(
      'This is a management key. It manages teams; the workshop has no use for it.',
      WANTED[setting],
    );
  }
  try {
    const auth = await ask(config.endpoint, key, doFetch);
    return { setting, auth, ...judge(setting, auth) };
  } catch (error) {
    if (!(error instanceof HoneycombError)) throw error;
    if (error.status !== 401) return bad(error.message);
    const other = await knownElsewhere(key, config, doFetch);
    if (other) {
      const region = other === EU_ENDPOINT ? 'EU' : 'US';
      return bad(
        `This key belongs to Honeycomb's ${region} region. Set:`,
        `  HONEYCOMB_API_ENDPOINT=${other}`,
      );
    }
    return bad(
      `${new URL(config.endpoint).host} does not know this key. Was it copied whole? Was it deleted?`,
    );
  }
}

function ask(endpoint: string, key: Secret, doFetch: typeof fetch): Promise<Auth> {
  return createApi(createClient({ endpoint, key, fetch: doFetch, tries: 3, maxWaitMs: 10_000 })).auth();
}

/** The other region's address, if the key is known there. A key is never shown to any host but Honeycomb's. */
async function knownElsewhere(
  key: Secret,
  config: HoneycombConfig,
  doFetch: typeof fetch,
): Promise<string | null> {
  const others: Record<string, string> = { [US_ENDPOINT]: EU_ENDPOINT, [EU_ENDPOINT]: US_ENDPOINT };
  const other = others[config.endpoint];
  if (!other) return null;
  try {
    await ask(other, key, doFetch);
    return other;
  } catch {
    return null;
  }
}

const WANTED: Record<KeyReport['setting'], string> = {
  HONEYCOMB_API_KEY: 'Wanted here: an ingest key (it begins with hc, then one letter, then ik_).',
  HONEYCOMB_CONFIG_KEY: 'Wanted here: a configuration key that may manage queries and public boards.',
};

function judge(setting: KeyReport['setting'], auth: Auth): { ok: boolean; lines: string[] } {
  const lines = [`${auth.type === 'ingest' ? 'Ingest' : 'Configuration'} key of team "${auth.team.name}"`];
  if (auth.environment.slug === '') {
    return {
      ok: false,
      lines: [
        ...lines,
        'It is a key of Honeycomb Classic, which has no environments.',
        'Make a key in an environment.',
      ],
    };
  }
  lines.push(`Environment "${auth.environment.name}"`);
  const access = auth.api_key_access;
  const may = PERMISSIONS.filter(([id]) => access[id] || (auth.type === 'ingest' && id === 'events'));
  lines.push(`May: ${may.map(([, words]) => words).join(', ') || 'nothing'}`);
  if (setting === 'HONEYCOMB_API_KEY') return judgeIngest(auth, lines);
  return judgeConfiguration(auth, lines);
}

function judgeIngest(auth: Auth, lines: string[]): { ok: boolean; lines: string[] } {
  const access = auth.api_key_access;
  if (auth.type === 'configuration' && !access.events) {
    return { ok: false, lines: [...lines, 'It may not send events.', WANTED.HONEYCOMB_API_KEY] };
  }
  if (auth.type === 'configuration')
    lines.push('It works for sending, but it can do more than that. Prefer an ingest key.');
  if (!access.createDatasets) {
    lines.push('It may not create datasets: spans of a new service are refused.');
    lines.push('Allow "Create Datasets" for the three services of Murmur.');
  }
  return { ok: true, lines };
}

function judgeConfiguration(auth: Auth, lines: string[]): { ok: boolean; lines: string[] } {
  if (auth.type === 'ingest') {
    return { ok: false, lines: [...lines, 'An ingest key can only send.', WANTED.HONEYCOMB_CONFIG_KEY] };
  }
  const missing = PERMISSIONS.filter(
    ([id]) => (id === 'columns' || id === 'boards') && !auth.api_key_access[id],
  );
  const needs = missing.map(([, words]) => `It lacks "${words}": push needs it.`);
  return { ok: missing.length === 0, lines: [...lines, ...needs] };
}

function compareKeys(keys: KeyReport[]): string[] {
  const [a, b] = keys.map((k) => k.auth);
  if (!a || !b) return [];
  if (a.team.slug === b.team.slug && a.environment.slug === b.environment.slug) return [];
  return [
    'The two keys belong to different environments:',
    `spans go to "${a.team.slug}/${a.environment.slug}", queries to "${b.team.slug}/${b.environment.slug}".`,
    'A query sees spans of its own environment only.',
  ];
}
