import { stripVTControlCharacters } from 'node:util';
import { visibleText } from '@workshop/base';

const KEPT_BYTES = 64 * 1024;

/** The end of what a process printed, both streams as they came, and how much it was in all. */
export class LearnerOutput {
  bytes = 0;
  #chunks: Buffer[] = [];
  #held = 0;

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    // Joined rarely: a process that prints without end must not cost us much.
    if (this.#held > 16 * KEPT_BYTES) this.#shorten();
  }

  /** The last 64 KiB without colours and other terminal codes. */
  text(): string {
    this.#shorten();
    return visibleText(
      stripVTControlCharacters(this.#chunks[0]?.toString('utf8') ?? '').replaceAll('\r', ''),
    );
  }

  #shorten(): void {
    const all = Buffer.concat(this.#chunks);
    const end = all.length > KEPT_BYTES ? Buffer.from(all.subarray(all.length - KEPT_BYTES)) : all;
    this.#chunks = [end];
    this.#held = end.length;
  }
}
