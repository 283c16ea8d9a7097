import { type StackReader, stackReader } from '../../capture/index.ts';
import type { OpenBrowser } from './browser.ts';
import type { BuiltPage } from './build-page.ts';
import { Visitor, type VisitorOptions } from './visitor.ts';

export interface ArrivalsOptions {
  /** of the page */
  origin: string;
  /** the page as it is built now; it may still be on its way */
  page: () => Promise<BuiltPage | null>;
  browser: () => Promise<OpenBrowser>;
  /** how a visitor arrives; tests give their own */
  arrive?: (options: VisitorOptions) => Promise<Visitor>;
}

/** Visitors of one site. A browser window takes a while to open, which it can do before it is wanted. */
export class Arrivals {
  readonly #options: ArrivalsOptions;
  readonly #expected: Promise<Visitor | null>[] = [];
  /** reads each source map once */
  #stacks: { of: string; reader: StackReader } | undefined;

  constructor(options: ArrivalsOptions) {
    this.#options = options;
  }

  /** Has one more visitor come now and wait for next(). */
  expect(): void {
    const arriving = this.#arrive();
    arriving.catch(() => {}); // thrown where the visitor is wanted
    this.#expected.push(arriving);
  }

  /** A visitor; null when the page does not build. */
  next(): Promise<Visitor | null> {
    return this.#expected.shift() ?? this.#arrive();
  }

  /** Those who wait in vain leave once they are there: nobody waits for them. */
  leave(): void {
    for (const arriving of this.#expected.splice(0))
      arriving.then((visitor) => visitor?.leave()).catch(() => {});
  }

  /** The window opens beside the build: nothing is loaded in it before. */
  async #arrive(): Promise<Visitor | null> {
    const { origin, page, browser, arrive = Visitor.arrive } = this.#options;
    const building = page();
    building.catch(() => {}); // awaited below
    let reader: StackReader | null = null;
    const stacks: StackReader = { read: (stack) => reader?.read(stack) ?? {} };
    const visitor = await arrive({ browser: (await browser()).browser, origin, stacks });
    try {
      const directory = (await building)?.directory;
      if (directory) {
        reader = this.#readerOf(directory);
        return visitor;
      }
    } catch (error) {
      await visitor.leave();
      throw error;
    }
    await visitor.leave();
    return null;
  }

  #readerOf(directory: string): StackReader {
    if (this.#stacks?.of !== directory) this.#stacks = { of: directory, reader: stackReader(directory) };
    return this.#stacks.reader;
  }
}
