/** In the place of a text: there is none. */
export const NO_TEXT = -1;

/** The texts of a batch, each once: most come again and again, and are copied for every row otherwise. */
export class BatchTexts {
  readonly texts: string[] = [];
  readonly #indexes = new Map<string, number>();

  /** @returns the text's index into `texts` */
  indexOf(text: string): number {
    let index = this.#indexes.get(text);
    if (index === undefined) {
      index = this.texts.push(text) - 1;
      this.#indexes.set(text, index);
    }
    return index;
  }

  /** The same for a text that hardly ever comes again, such as a span's id: it is not looked for. */
  add(text: string): number {
    return this.texts.push(text) - 1;
  }
}
