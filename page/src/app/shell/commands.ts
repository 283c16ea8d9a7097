import { DestroyRef, Injectable, inject, signal } from '@angular/core';

/** Something that can be asked for by name. */
export interface Command {
  /** unique among all */
  id: string;
  /** what it does, as it is found: `Grade now` */
  words: string;
  /** of which kind, or in which state: `exercise, passed` */
  detail: string;
  /** the key that does the same, if there is one */
  key?: string;
  run: () => void;
}

/** What the command palette offers. Views add their own, as long as they are there. */
@Injectable({ providedIn: 'root' })
export class Commands {
  readonly #sources = signal<readonly (() => readonly Command[])[]>([]);

  /** Those of now, the view's first. */
  all(): readonly Command[] {
    return this.#sources()
      .toReversed()
      .flatMap((source) => source());
  }

  /** Call it where `inject` works. @param source asked each time the palette shows something */
  add(source: () => readonly Command[]): void {
    this.#sources.update((sources) => [...sources, source]);
    inject(DestroyRef).onDestroy(() =>
      this.#sources.update((sources) => sources.filter((each) => each !== source)),
    );
  }
}

/** Those that have all words that were typed, in any order; those that begin with the first word come first. */
export function commandsFor(typed: string, commands: readonly Command[]): readonly Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const [first] = words;
  if (first === undefined) return commands;
  const found = commands.filter(({ words: text, detail }) => {
    const all = `${text} ${detail}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  const begins = ({ words: text }: Command): boolean => text.toLowerCase().startsWith(first);
  return [...found.filter(begins), ...found.filter((each) => !begins(each))];
}
