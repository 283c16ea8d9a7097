import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { workshopDirectory } from '@workshop/base';
import { installedMs } from './installation.ts';
import { type PageSources, readPageSources } from './page-sources.ts';
import { BuilderSilentError, type BuildOutcome, ResidentBuilder, SWAP_LIMIT_MS } from './resident-builder.ts';

/** One page, built. */
export interface BuiltPage {
  ok: boolean;
  /** the built files; null when the build failed */
  directory: string | null;
  /** content hash of its sources and packages */
  hash: string;
  /** how long this call took */
  ms: number;
  /** it was built before */
  cached: boolean;
  /** warnings and errors of Angular, 16 KiB at most */
  output: string;
}

interface BuildRecord {
  ok: boolean;
  output: string;
  /** when the packages were installed that it was built with; null while they were being installed */
  installedMs: number | null;
}

const PAGES_KEPT = 60;
const OUTPUT_KEPT = 16 * 1024;

let resident: ResidentBuilder | null = null;
let queue: Promise<unknown> = Promise.resolve();
let made = 0;

/**
 * Builds the page of a tree, unless a page of the same sources was built before: then that is it. A failed build is
 * kept, too, as long as the packages stay installed as they are. Builds of one process wait for each other and share one warm builder.
 * @param swapLimitMs how long the warm builder may take before another one is started
 * @returns null when the tree has no page
 * @throws WorldError when the builder itself cannot work
 */
export async function buildPage(
  treeDir: string,
  pages: string = path.join(workshopDirectory, 'pages'),
  swapLimitMs = SWAP_LIMIT_MS,
): Promise<BuiltPage | null> {
  const began = performance.now();
  const sources = await readPageSources(treeDir);
  if (sources === null) return null;
  const home = path.join(pages, sources.hash);
  const kept = await readKept(home);
  if (kept) return described(kept, home, sources, began, true);
  const turn = queue.then(() => buildNow(sources, pages, home, swapLimitMs));
  queue = turn.catch(() => {});
  const { record, cached } = await turn;
  return described(record, home, sources, began, cached);
}

/** Ends the warm builder of this process, if one runs. The next build starts another. */
export function stopPageBuilder(): void {
  resident?.close();
  resident = null;
}

function described(
  record: BuildRecord,
  home: string,
  sources: PageSources,
  began: number,
  cached: boolean,
): BuiltPage {
  return {
    ok: record.ok,
    directory: record.ok ? path.join(home, 'site') : null,
    hash: sources.hash,
    ms: performance.now() - began,
    cached,
    output: record.output,
  };
}

async function buildNow(
  sources: PageSources,
  pages: string,
  home: string,
  swapLimitMs: number,
): Promise<{ record: BuildRecord; cached: boolean }> {
  const meanwhile = await readKept(home);
  if (meanwhile) return { record: meanwhile, cached: true };
  await mkdir(pages, { recursive: true });
  const installed = installedMs();
  try {
    const { builder, outcome } = await builtBy(sources, pages, swapLimitMs);
    const output = readable(outcome.output, builder.directory);
    const record = { ok: outcome.ok, output, installedMs: installed };
    await keep(record, builder.output, home);
    // After a failure Angular no longer knows which files it wrote before, and would leave some of them behind.
    if (!record.ok) stopPageBuilder();
    await prune(pages, home);
    return { record, cached: false };
  } catch (error) {
    stopPageBuilder();
    throw error;
  }
}

interface Built {
  builder: ResidentBuilder;
  outcome: BuildOutcome;
}

/**
 * Builds with the warm builder, if there is one for this set-up. Once in thousands of builds one was given sources and
 * never answered, as it would if its watcher missed the change. Another one is started then.
 */
async function builtBy(sources: PageSources, pages: string, swapLimitMs: number): Promise<Built> {
  const builder = builderFor(sources, pages);
  const { isWarm } = builder;
  try {
    return { builder, outcome: await builder.build(sources, swapLimitMs) };
  } catch (error) {
    if (!isWarm || !(error instanceof BuilderSilentError)) throw error;
  }
  stopPageBuilder();
  const another = builderFor(sources, pages);
  return { builder: another, outcome: await another.build(sources) };
}

function builderFor({ setupHash }: PageSources, pages: string): ResidentBuilder {
  if (resident && resident.setupHash !== setupHash) stopPageBuilder();
  if (resident) return resident;
  removeLeft(pages);
  if (made === 0) process.once('exit', stopPageBuilder);
  resident = new ResidentBuilder(
    path.join(pages, `builder-${process.pid}-${++made}`),
    setupHash,
    path.join(pages, 'angular-cache'),
  );
  return resident;
}

async function readKept(home: string): Promise<BuildRecord | null> {
  try {
    const record = JSON.parse(readFileSync(path.join(home, 'build.json'), 'utf8')) as BuildRecord;
    if (!record.ok && (record.installedMs === null || record.installedMs !== installedMs())) {
      await rm(home, { recursive: true, force: true });
      return null;
    }
    const now = new Date();
    await utimes(home, now, now);
    return record;
  } catch {
    return null;
  }
}

/** Whole or not at all: another grader may look for the same page now. */
async function keep(record: BuildRecord, output: string, home: string): Promise<void> {
  const partial = `${home}.partial-${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  if (record.ok) await cp(output, path.join(partial, 'site'), { recursive: true });
  await writeFile(path.join(partial, 'build.json'), JSON.stringify(record));
  try {
    await rename(partial, home);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(path.join(home, 'build.json'))) throw error;
  }
}

/** Names in messages are those of the learner's folder, not of the builder's copy. */
function readable(output: string, directory: string): string {
  return output.replaceAll(`${directory}${path.sep}`, '').slice(0, OUTPUT_KEPT);
}

/** Folders of builders whose process is gone. */
function removeLeft(pages: string): void {
  for (const name of readdirSync(pages)) {
    const pid = Number(/^builder-(\d+)-\d+$/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || pid === process.pid || isAlive(pid)) continue;
    rmSync(path.join(pages, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function prune(pages: string, keep: string): Promise<void> {
  const built: { home: string; usedMs: number }[] = [];
  for (const name of await readdir(pages)) {
    if (!/^[0-9a-f]{16}$/.test(name)) continue;
    const home = path.join(pages, name);
    built.push({ home, usedMs: (await stat(home).catch(() => ({ mtimeMs: 0 }))).mtimeMs });
  }
  built.sort((a, b) => b.usedMs - a.usedMs);
  for (const { home } of built.slice(PAGES_KEPT).filter((page) => page.home !== keep)) {
    await rm(home, { recursive: true, force: true });
  }
}
