import path from 'node:path';
import { accepts, repositoryRoot, WorkshopError } from '@workshop/base';
import {
  type DatabaseServer,
  type DelayProxy,
  ensureTemplate,
  runToEnd,
  scriptOf,
  scriptPath,
  startDatabaseServer,
  startDelayProxy,
} from '../world/index.ts';
import { DatabaseWatch, type DatabaseWatchOptions } from './database-watch.ts';

export interface MurmurDatabaseOptions {
  /** A real server's database, from the shell's DATABASE_URL. Without it: the built-in server. */
  url?: string;
  /** Milliseconds each way between Murmur and the database. */
  delayMs: number;
  /** Whose data directory; tests take the grader's, which holds nothing of value. */
  purpose: 'app' | 'grader';
}

export interface MurmurDatabase {
  /** Connection string that leads over the delay. */
  url: string;
  /** For people: `built in`, or the host and name of the learner's own. */
  label: string;
  /** From now on it is looked after: what is lost is said, the built-in one is started again. */
  watch(options: DatabaseWatchOptions): void;
  stop(): Promise<void>;
}

export const DATABASE_NAME = 'murmur';
const SEED_TIMEOUT_MS = 120_000;
/** Never the working app: it may be broken just now, and it may hold the learner's own SDK. */
const pristineBackend = path.join(repositoryRoot, 'solutions', '00-start', 'app-backend');

/**
 * Murmur's database, migrated and seeded on first use, and kept for the next time.
 * @throws WorkshopError with what to do
 */
export async function openMurmurDatabase(
  options: MurmurDatabaseOptions,
  onProgress: (step: string) => void,
): Promise<MurmurDatabase> {
  if (options.url !== undefined) return await ownDatabase(options.url, options.delayMs, onProgress);
  let server = await startDatabaseServer({ purpose: options.purpose });
  let proxy: DelayProxy;
  let watch: DatabaseWatch | null = null;
  try {
    await fill(server, onProgress);
    proxy = await startDelayProxy({ targetPort: server.port, delayMs: options.delayMs });
  } catch (error) {
    await server.stop();
    throw error;
  }
  const restart = async (): Promise<void> => {
    const { port } = server;
    await server.stop();
    // On the same port, to which the way with its delay leads.
    server = await startDatabaseServer({ purpose: options.purpose, port });
  };
  return {
    url: through(server.url(DATABASE_NAME), proxy.port),
    label: 'built in',
    watch(watching) {
      watch = new DatabaseWatch({ ask: () => answersAnew(server), restart }, watching);
    },
    async stop() {
      await watch?.stop();
      await proxy.close();
      await server.stop();
    },
  };
}

/** Over a new connection: a server that is stopped may still answer over those that it had. */
async function answersAnew(server: DatabaseServer): Promise<void> {
  const client = await server.connect('postgres');
  try {
    await client.query('SELECT 1');
  } finally {
    await client.end();
  }
}

async function fill(server: DatabaseServer, onProgress: (step: string) => void): Promise<void> {
  if (await server.hasDatabase(DATABASE_NAME)) return;
  onProgress('making the database (only once)');
  const template = await ensureTemplate(server, pristineBackend);
  // A copy is there as a whole or not at all, even when it is interrupted.
  await server.createDatabase(DATABASE_NAME, { template: template.name });
}

async function ownDatabase(
  url: string,
  delayMs: number,
  onProgress: (step: string) => void,
): Promise<MurmurDatabase> {
  const parsed = parseUrl(url);
  onProgress('migrating and seeding the database of DATABASE_URL, unless it has users');
  await seedDatabase(url).catch((error: Error) => {
    throw new WorkshopError(`The database of DATABASE_URL could not be prepared:\n${error.message}`);
  });
  const proxy = await startDelayProxy({
    targetHost: parsed.hostname || '127.0.0.1',
    targetPort: Number(parsed.port) || 5432,
    delayMs,
  });
  let watch: DatabaseWatch | null = null;
  const ask = async (): Promise<void> => {
    const there = await accepts(Number(parsed.port) || 5432, { host: parsed.hostname || '127.0.0.1' });
    if (!there) throw new Error('it accepts no connection');
  };
  return {
    url: through(url, proxy.port),
    label: `${parsed.host}${parsed.pathname}, from DATABASE_URL`,
    watch(watching) {
      watch = new DatabaseWatch({ ask }, watching);
    },
    async stop() {
      await watch?.stop();
      await proxy.close();
    },
  };
}

/**
 * Migrates the database, and fills it when it has no users.
 * @throws Error with what the seed printed
 */
export async function seedDatabase(url: string): Promise<void> {
  const run = await runToEnd(scriptOf(pristineBackend, 'seed') ?? '', {
    cwd: pristineBackend,
    timeoutMs: SEED_TIMEOUT_MS,
    env: { ...process.env, PATH: scriptPath(pristineBackend), DATABASE_URL: url, NODE_OPTIONS: '' },
  });
  if (run.code !== 0) throw new Error(run.output.trim());
}

function parseUrl(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw new WorkshopError(
      'DATABASE_URL is not a URL. It looks like postgres://user:password@host:5432/murmur',
    );
  }
}

/** The same login and database at the proxy's address. */
function through(url: string, port: number): string {
  const changed = new URL(url);
  changed.hostname = '127.0.0.1';
  changed.port = String(port);
  return changed.href;
}
