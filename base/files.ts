import { mkdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';

export interface AtomicWrite {
  /** permission bits of a new file; the system's default when they are not said */
  mode?: number;
  /** false: the disk may write it later, for what a power cut may take; true when it is not said */
  durable?: boolean;
}

/** Replaces a file whole or not at all, and makes the folders on the way. At any kill the old or the new text is there. */
export async function writeAtomically(
  file: string,
  data: string | Buffer,
  { mode, durable = true }: AtomicWrite = {},
): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(file, data, { fsync: durable, ...(mode !== undefined && { mode }) });
}

/** The same at once, for the last thing that a process does. */
export function writeAtomicallySync(
  file: string,
  data: string | Buffer,
  { mode, durable = true }: AtomicWrite = {},
): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileAtomic.sync(file, data, { fsync: durable, ...(mode !== undefined && { mode }) });
}
