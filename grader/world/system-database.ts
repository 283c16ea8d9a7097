import { existsSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '@workshop/base';
import type { DatabaseServer } from './database/server.ts';
import { makeSpareDatabase } from './database/spare-database.ts';
import { ensureTemplate } from './database/template.ts';
import {
  createTreeDatabase,
  releaseDatabaseName,
  type TreeDatabase,
  takeDatabaseName,
} from './database/tree-database.ts';
import { sharedServer } from './shared-server.ts';

/** The database of one system, on its way: how to log in is known before it is there. */
export interface OpeningDatabase {
  opened: Promise<TreeDatabase>;
  /** where the server listens, once the database can be used */
  target: Promise<{ host: string; port: number }>;
  /** connection string for a process that reaches it through this port of the loopback address */
  urlThrough(port: number): string;
  /** May be called again. */
  drop(): Promise<void>;
}

export interface SystemDatabaseOptions {
  /** app-backend whose migrations and seed fill the database; default: that of solutions/00-start, else the working one */
  pristineBackendDir?: string;
  onProgress?: (step: string) => void;
}

/** Opens a seeded database beside the learner's boot. Nothing is thrown here: who awaits `opened` gets the error. */
export function openSystemDatabase(options: SystemDatabaseOptions): OpeningDatabase {
  const { kind, server, login } = sharedServer();
  const name = takeDatabaseName(kind);
  const open = async () => {
    const { running, template } = await seeded(server, options);
    return createTreeDatabase(running, template, name);
  };
  const opened = open();
  const target = Promise.all([server, opened]).then(([{ host, port }]) => ({ host, port }));
  let dropping: Promise<void> | undefined;
  opened.catch(() => {});
  target.catch(() => {});
  return {
    opened,
    target,
    urlThrough(port) {
      const url = new URL(login(name));
      url.host = `127.0.0.1:${port}`;
      return url.href;
    },
    drop() {
      dropping ??= opened.then(
        (made) => made.drop(),
        () => releaseDatabaseName(name),
      );
      return dropping;
    },
  };
}

/** Makes ready what the next system's database is made of, while nobody waits. Trouble comes up again where it is needed. */
export async function prepareSystemDatabase(options: SystemDatabaseOptions = {}): Promise<void> {
  try {
    const { running, template } = await seeded(sharedServer().server, options);
    await makeSpareDatabase(running, template);
  } catch {
    // Whoever opens a database hears of it.
  }
}

async function seeded(server: Promise<DatabaseServer>, options: SystemDatabaseOptions) {
  const running = await server;
  const template = await ensureTemplate(running, pristineBackend(options), options.onProgress);
  return { running, template };
}

function pristineBackend({ pristineBackendDir }: SystemDatabaseOptions): string {
  if (pristineBackendDir) return pristineBackendDir;
  const start = path.join(repositoryRoot, 'solutions', '00-start', 'app-backend');
  return existsSync(path.join(start, 'package.json')) ? start : path.join(repositoryRoot, 'app-backend');
}
