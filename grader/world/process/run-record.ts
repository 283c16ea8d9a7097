import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { workshopDirectory } from '@workshop/base';
import { writeAtomicallySync } from '@workshop/base/files';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-table.ts';

interface RunFile {
  owner: ProcessIdentity;
  processes: ProcessIdentity[];
}

/**
 * A file in .workshop/run that lists the learner's processes while they run. A grader that was killed cannot end them
 * (its watchdog nearly always does); the next one finds the list and ends what is left.
 */
export class RunRecord {
  readonly #file: string;
  readonly #sources = new Set<() => ProcessIdentity[]>();
  #written = '';

  constructor(directory: string = path.join(workshopDirectory, 'run')) {
    this.#file = path.join(directory, `${process.pid}.json`);
  }

  /** Lists the processes of `source` too, at every write, until the returned function is called. */
  include(source: () => ProcessIdentity[]): () => void {
    this.#sources.add(source);
    this.write();
    return () => {
      this.#sources.delete(source);
      this.write();
    };
  }

  /** Writes the file if the list has changed; removes it when nothing is listed. */
  write(): void {
    const processes = [...this.#sources].flatMap((source) => source());
    const text = JSON.stringify({ owner: ownIdentity(), processes } satisfies RunFile);
    if (text === this.#written) return;
    this.#written = text;
    if (this.#sources.size === 0) {
      rmSync(this.#file, { force: true });
      return;
    }
    writeAtomicallySync(this.#file, text, { durable: false });
  }
}

/** Ends what graders left that are gone. Only processes whose start time is the recorded one. Returns how many. */
export function endLeftProcesses(directory: string = path.join(workshopDirectory, 'run')): number {
  let ended = 0;
  for (const name of filesIn(directory)) {
    const file = path.join(directory, name);
    const found = readRunFile(file);
    if (found === null || isAlive(found.owner)) continue;
    for (const left of found.processes) {
      if (!isAlive(left)) continue;
      try {
        process.kill(left.pid, 'SIGKILL');
        ended++;
      } catch {
        // Gone meanwhile, or another user's.
      }
    }
    rmSync(file, { force: true });
  }
  return ended;
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}

function readRunFile(file: string): RunFile | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunFile;
  } catch {
    return null;
  }
}
