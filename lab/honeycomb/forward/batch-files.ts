import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

/** One batch of spans that waits on disk: an OTLP protobuf body. */
export interface BatchFile {
  file: string;
  /** Bytes of the body. */
  bytes: number;
  spans: number;
}

const PATTERN = /^(\d{12})-(\d+)\.otlp$/;

/**
 * The waiting batches, as files `<number>-<spans>.otlp` in one folder, oldest first.
 *
 * A batch is there as a whole or not at all: it is written under another name, brought to the disk, then
 * renamed. What a killed process left half written is removed on opening.
 */
export class BatchFiles {
  readonly #dir: string;
  readonly #waiting: BatchFile[];
  #next: number;
  #bytes: number;

  constructor(dir: string) {
    this.#dir = dir;
    mkdirSync(dir, { recursive: true });
    const names = readdirSync(dir).sort();
    for (const name of names) if (name.endsWith('.tmp')) rmSync(path.join(dir, name), { force: true });
    this.#waiting = names.flatMap((file) => {
      const match = PATTERN.exec(file);
      return match ? [{ file, bytes: statSync(path.join(dir, file)).size, spans: Number(match[2]) }] : [];
    });
    const last = this.#waiting.at(-1)?.file;
    this.#next = last ? Number(last.slice(0, 12)) + 1 : 1;
    this.#bytes = this.#waiting.reduce((sum, batch) => sum + batch.bytes, 0);
  }

  /** All waiting batches, oldest first. */
  get waiting(): readonly BatchFile[] {
    return this.#waiting;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Writes a batch; on return it survives the end of this process. */
  add(body: Uint8Array, spans: number): void {
    const file = `${String(this.#next++).padStart(12, '0')}-${spans}.otlp`;
    const temporary = path.join(this.#dir, `${file}.tmp`);
    const handle = openSync(temporary, 'wx');
    try {
      for (let written = 0; written < body.byteLength; ) written += writeSync(handle, body, written);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, path.join(this.#dir, file));
    this.#waiting.push({ file, bytes: body.byteLength, spans });
    this.#bytes += body.byteLength;
  }

  read(batch: BatchFile): Uint8Array {
    return readFileSync(path.join(this.#dir, batch.file));
  }

  /** Removes batches; one that is gone already is no trouble. */
  remove(batches: readonly BatchFile[]): void {
    for (const batch of batches) {
      rmSync(path.join(this.#dir, batch.file), { force: true });
      const index = this.#waiting.indexOf(batch);
      if (index < 0) continue;
      this.#waiting.splice(index, 1);
      this.#bytes -= batch.bytes;
    }
  }
}
