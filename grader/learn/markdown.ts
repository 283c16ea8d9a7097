import { visibleText } from '@workshop/base';
import MarkdownIt from 'markdown-it';

/** A word of the glossary. */
export interface Term {
  name: string;
  html: string;
}

// html: false is what keeps a README's angle brackets text. The texts are the workshop's own, and a learner may edit them.
const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });

/** Links lead where the page can follow: to a word, to a file that an editor opens, to another exercise, or out. */
function hrefOf(href: string): string {
  const [path = '', anchor = ''] = href.split('#');
  if (/^https?:\/\//i.test(href)) return href;
  if (path.endsWith('GLOSSARY.md')) return `#term-${anchor}`;
  const exercise = /^\.\.\/(\d\d[a-z]?)-[a-z0-9-]+(?:\/README\.md)?$/.exec(path)?.[1];
  if (exercise) return `/learn/${exercise}`;
  if (path === '') return `#${anchor}`;
  return `#open=${path.replace(/^(\.\.\/)+/, '')}`;
}

markdown.core.ruler.push('links of the page', ({ tokens }) => {
  for (const token of tokens.flatMap((one) => one.children ?? [])) {
    if (token.type !== 'link_open') continue;
    const href = String(token.attrGet('href') ?? '');
    token.attrSet('href', hrefOf(href));
    if (/^https?:/i.test(href)) {
      token.attrSet('target', '_blank');
      token.attrSet('rel', 'noopener noreferrer');
    }
  }
});

/** Markdown of the workshop's texts as HTML; markup in it is shown as text. */
export function htmlOf(text: string): string {
  return markdown.render(text.replaceAll('\r\n', '\n'));
}

/** The README without its first heading, which the page shows as its own. */
export function readmeHtml(readme: string): string {
  return htmlOf(readme.replaceAll('\r\n', '\n').replace(/^# .*\n/, ''));
}

/** done.md with the numbers of a run put in; a number that the run does not know is `?`. */
export function doneHtml(done: string, told: Readonly<Record<string, string | number>>): string {
  return htmlOf(
    done.replace(/\{\{([\w-]+)\}\}/g, (_, name: string) => escaped(visibleText(String(told[name] ?? '?')))),
  );
}

/** A value of a run is a stranger's: no Markdown of it counts. */
function escaped(value: string): string {
  return value.replace(/[\\`*_{}[\]()#+\-.!|<>~&]/g, '\\$&');
}

/** The words of the glossary that a text links to, by their anchor. */
export function termsIn(html: string, glossary: string): Record<string, Term> {
  const wanted = new Set([...html.matchAll(/href="#term-([\w-]+)"/g)].map(([, anchor]) => anchor));
  const terms: Record<string, Term> = {};
  for (const section of glossary.replaceAll('\r\n', '\n').split(/^## /m).slice(1)) {
    const [name = '', ...rest] = section.split('\n');
    const anchor = name.trim().toLowerCase().replaceAll(' ', '-');
    if (!wanted.has(anchor)) continue;
    const text = rest
      .join('\n')
      .replace(/^\s*\*Exercise \d\d\.\*/, '')
      .trim();
    terms[anchor] = { name: name.trim(), html: htmlOf(text) };
  }
  return terms;
}
