import { WorkshopError } from '@workshop/base';

/** A person's words for what went wrong with the store's file. */
export class StoreError extends WorkshopError {
  override name = 'StoreError';
}

// A message about a corrupt block has "lock" in it, too: so each is known by more than a word.
const IN_USE = /could not set lock|conflicting lock|being used by another process/i;
const DAMAGED =
  /corrupt database file|not a valid duckdb database file|could not read enough bytes|serialization error|checksum|failure while replaying wal/i;

/** Why the lab cannot use its file, from what the database says about it, and what to do. */
export function fileFault(path: string, cause: unknown): StoreError {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (IN_USE.test(text)) {
    const owner = /PID (\d+)/.exec(text)?.[1];
    return new StoreError(
      `Another process${owner ? ` (${owner})` : ''} already has the lab's data open: ${path}`,
      {
        whatToDo: 'Only one lab can own it. Stop the other one, or give this lab a folder of its own.',
        cause,
      },
    );
  }
  if (DAMAGED.test(text))
    return new StoreError(`The lab's data is damaged: ${path}`, {
      whatToDo: 'Move this file away and start again. The lab then collects traces anew.',
      cause,
    });
  return new StoreError(`The lab cannot open its data in ${path}: ${text.split('\n')[0]}`, { cause });
}

/** Whether the database says that its file is damaged. */
export function isDamage(error: unknown): boolean {
  return DAMAGED.test(String((error as Error | null)?.message));
}
