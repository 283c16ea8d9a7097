/** Splits a byte stream into lines without copying what was read before: a line may be megabytes long. */
export class LineSplitter {
  #parts: string[] = [];
  #length = 0;

  /** longest line in UTF-16 units; a longer one throws */
  maxLength: number;

  constructor(maxLength: number) {
    this.maxLength = maxLength;
  }

  /** Takes the next piece of text and returns the lines that it completes. */
  push(chunk: string): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      this.#keep(chunk.slice(start, end));
      lines.push(this.#parts.join(''));
      this.#parts = [];
      this.#length = 0;
      start = end + 1;
    }
    this.#keep(chunk.slice(start));
    return lines;
  }

  #keep(part: string): void {
    this.#length += part.length;
    if (this.#length > this.maxLength) throw new Error(`a line is longer than ${this.maxLength} characters`);
    if (part) this.#parts.push(part);
  }
}
