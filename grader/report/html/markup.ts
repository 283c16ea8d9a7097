import { visibleText } from '@workshop/base';

/** HTML that is whole: only `html` makes it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Part = string | number | Markup | readonly Part[] | null | false;

/**
 * HTML as a template. Every value in it is text and is escaped, unless `html` made it: names, attributes and messages are a
 * learner's, or anybody's who wrote to their system.
 */
export function html(texts: TemplateStringsArray, ...values: Part[]): Markup {
  return new Markup(
    texts.map((text, at) => text + (at < values.length ? rendered(values[at] as Part) : '')).join(''),
  );
}

function rendered(value: Part): string {
  if (value === null || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(rendered).join('');
  return escaped(String(value));
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for an element or a quoted attribute; controls, and marks that turn the direction of text, are shown as codes. */
export function escaped(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
