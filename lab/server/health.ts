import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Health } from '../api/index.ts';
import type { Collector } from '../collection/index.ts';
import type { Store } from '../store/index.ts';

export interface HealthParts {
  store: Pick<Store, 'path' | 'size' | 'removed' | 'retention'> & {
    kind: Health['source']['kind'];
    /** of a database of others */
    trouble?: string | null;
  };
  collector: Pick<Collector, 'counts' | 'trouble' | 'lastRefusal' | 'clocks'>;
  /** what the lab failed at, for a person */
  faults: () => readonly string[];
  /** bytes that are free where a file is; null when the system does not say */
  freeBytes?: (path: string) => Promise<number | null>;
}

/** With less the database soon cannot write: it needs room for a checkpoint beside the data. */
const LOW_BYTES = 512 * 1024 ** 2;

/** How the lab is, with a sentence for everything that a person should know. */
export async function healthOf(parts: HealthParts): Promise<Omit<Health, 'learn'>> {
  const { store, collector } = parts;
  // The disk of a database of others is theirs to watch.
  const freeBytes = store.kind === 'file' ? await (parts.freeBytes ?? freeBytesAt)(store.path) : null;
  const disk = { freeBytes, low: freeBytes !== null && freeBytes < LOW_BYTES };
  const size = await store.size();
  const trouble = [
    ...parts.faults(),
    ...(store.trouble ? [store.trouble] : []),
    ...collector.trouble(),
    ...diskText(disk),
    ...removedText(store.removed),
  ];
  return {
    status: trouble.length === 0 ? 'ok' : 'trouble',
    trouble,
    source: { kind: store.kind, address: store.path },
    ...size,
    memoryBytes: process.memoryUsage.rss(),
    received: collector.counts,
    lastRefusal: collector.lastRefusal,
    clocks: [...collector.clocks()].map(([service, aheadMs]) => ({ service, aheadMs })),
    disk,
    retention: {
      maxAgeHours: store.retention.maxAgeHours ?? null,
      maxBytes: store.retention.maxBytes ?? null,
      removedRows: store.removed?.rows ?? 0,
      lastRemovedMs: store.removed?.atMs ?? null,
    },
  };
}

async function freeBytesAt(path: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(dirname(path));
    return bavail * bsize;
  } catch {
    return null;
  }
}

function diskText({ freeBytes, low }: Health['disk']): string[] {
  if (!low || freeBytes === null) return [];
  const free = `${Math.floor(freeBytes / 1024 ** 2)} MiB`;
  return [`The disk is nearly full, ${free} are free: spans may soon be lost. Make room on it.`];
}

function removedText(removed: Store['removed']): string[] {
  if (removed === null) return [];
  const at = new Date(removed.atMs).toISOString().slice(0, 16).replace('T', ' ');
  return [`${removed.rows} rows were removed to keep the data small, last at ${at} UTC.`];
}
