import { inspect } from 'node:util';

/** What stands in every text where a key would be. */
export const REDACTED = '[redacted]';

/**
 * A key that cannot be printed by accident.
 *
 * The value is in a private field, so that string conversion, JSON, `console.log`, `structuredClone` and an
 * error's `cause` all show `[redacted]`. `reveal()` is the only way to the value: call it where a request's
 * header is made, and nowhere else.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The key itself. For a request header only. */
  reveal(): string {
    return this.#value;
  }

  /** Replaces every occurrence of the key in a text, also in its URL-encoded form. */
  scrub(text: string): string {
    const encoded = encodeURIComponent(this.#value);
    return text.replaceAll(this.#value, REDACTED).replaceAll(encoded, REDACTED);
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.toPrimitive](): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
