import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '@workshop/base';
import type { Exercise } from '../workshop/index.ts';

/** One word of GLOSSARY.md. */
export interface Term {
  /** `SERVER span` */
  name: string;
  /** number of the exercise that introduces it: `01` */
  exercise: string;
  definition: string;
}

/** Words that people use in their everyday meaning, too: they may come before they are introduced. */
const EVERYDAY = new Set(['status', 'parent', 'context', 'origin', 'resource']);

/** Words that one README may introduce in its head. More are too many for one sitting. */
const MOST_NEW_WORDS = 3;
const MOST_SENTENCES = 2;

/** What is wrong with the words of the exercises and the glossary, one sentence each. Empty: nothing. */
export async function termProblems(exercises: readonly Exercise[]): Promise<string[]> {
  const glossary = await readFile(join(repositoryRoot, 'GLOSSARY.md'), 'utf8').catch(() => null);
  if (glossary === null) return ['GLOSSARY.md is missing'];
  const terms = parseGlossary(glossary);
  const problems = glossaryProblems(terms);
  for (const { id, number, directory } of exercises) {
    const readme = await readFile(join(directory, 'README.md'), 'utf8');
    problems.push(
      ...readmeProblems(number, readme, terms).map((problem) => `exercises/${id}/README.md: ${problem}`),
    );
  }
  return problems;
}

/** `## span`, then `*Exercise 01.*` and the definition. */
export function parseGlossary(markdown: string): Term[] {
  return markdown
    .replaceAll('\r\n', '\n')
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [name = '', ...rest] = section.split('\n');
      const text = rest.join(' ').replace(/\s+/g, ' ').trim();
      const [, exercise = '', definition = ''] = /^\*Exercise (\d\d)\.\* ?(.*)$/.exec(text) ?? [];
      return { name: name.trim(), exercise, definition };
    });
}

export function glossaryProblems(terms: readonly Term[]): string[] {
  const problems: string[] = [];
  const names = terms.map((term) => term.name.toLowerCase());
  names.forEach((name, at) => {
    const before = names[at - 1];
    if (before !== undefined && before.localeCompare(name, 'en') >= 0)
      problems.push(`GLOSSARY.md: "${name}" must stand before "${before}", in the order of the alphabet`);
  });
  for (const { name, exercise, definition } of terms) {
    if (exercise === '' || definition === '')
      problems.push(`GLOSSARY.md: "${name}" must begin with "*Exercise NN.*" and go on with a sentence`);
    const sentences = definition.split(/(?<=[.?!])\s+/).length;
    if (sentences > MOST_SENTENCES)
      problems.push(
        `GLOSSARY.md: "${name}" takes ${sentences} sentences, at most ${MOST_SENTENCES} are wanted`,
      );
  }
  return problems;
}

/** What is wrong with the words of one README. */
export function readmeProblems(number: string, readme: string, terms: readonly Term[]): string[] {
  const problems: string[] = [];
  const markdown = withInlineLinks(readme.replaceAll('\r\n', '\n'));
  const text = proseOf(markdown);
  const words = newWords(markdown);
  if (words === null) problems.push('its head must say "New words: ..." or "New words: none."');
  if (words && words.length > MOST_NEW_WORDS)
    problems.push(`it has ${words.length} new words, and at most ${MOST_NEW_WORDS} are wanted`);
  for (const word of words ?? []) {
    const term = terms.find(({ name }) => name === word);
    if (!term) problems.push(`the new word "${word}" is not in GLOSSARY.md`);
    else if (term.exercise !== number)
      problems.push(
        `"${word}" is new here, but GLOSSARY.md says that exercise ${term.exercise} introduces it`,
      );
  }
  for (const anchor of glossaryLinks(markdown)) {
    if (!terms.some(({ name }) => anchorOf(name) === anchor))
      problems.push(`its link to GLOSSARY.md#${anchor} leads to no word there`);
  }
  for (const term of terms) {
    if (term.exercise === number) problems.push(...introductionProblems(term, text));
    else if (term.exercise > number && !EVERYDAY.has(term.name)) {
      const use = firstUse(term, text, terms);
      if (use !== null)
        problems.push(
          `it uses "${term.name}", which exercise ${term.exercise} introduces: "...${use.around}..."`,
        );
    }
  }
  return problems;
}

/** A word is introduced at its first use: bold, and a link to the glossary. */
function introductionProblems(term: Term, text: string): string[] {
  const link = `../../GLOSSARY.md#${anchorOf(term.name)}`;
  const wanted = `**[${term.name}]**, with the line "[${term.name}]: ${link}" at the end`;
  const linkAt = text.indexOf(`](${link})`);
  if (linkAt < 0)
    return [`GLOSSARY.md says that it introduces "${term.name}", so its first use must be ${wanted}`];
  const lineStart = text.lastIndexOf('\n\n', linkAt) + 1;
  const bold = [...text.slice(lineStart).matchAll(/\*\*[^*]+\*\*/g)].some((match) => match[0].includes(link));
  if (!bold) return [`"${term.name}" is linked but not bold: write ${wanted}`];
  const use = EVERYDAY.has(term.name) ? null : firstUse(term, text, []);
  const opening = text.lastIndexOf('[', linkAt);
  if (use !== null && use.at < opening)
    return [`"${term.name}" is used before it is introduced as **[${term.name}]**: "...${use.around}..."`];
  return [];
}

/** The first use of a word in any number and case, unless it is part of a longer word of the glossary. */
function firstUse(term: Term, text: string, terms: readonly Term[]): { at: number; around: string } | null {
  // A word inside a longer one (span, active span) is not looked for there.
  const longer = terms.filter(({ name }) => name !== term.name && name.includes(term.name));
  const masked = longer.reduce((masking, { name }) => {
    return masking.replace(new RegExp(pattern(name), 'gi'), (match) => '_'.repeat(match.length));
  }, text);
  const found = new RegExp(pattern(term.name), 'i').exec(masked);
  if (!found) return null;
  const around = text.slice(Math.max(0, found.index - 25), found.index + found[0].length + 15);
  return { at: found.index, around: around.replace(/\s+/g, ' ').trim() };
}

function pattern(name: string): string {
  const escaped = name.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&').replaceAll(' ', '\\s+');
  return `(?<![\\w-])${escaped}(?:s|es)?(?![\\w-])`;
}

/** Links by reference, `[span]` and `[spans][span]`, written out when they lead to the glossary. */
function withInlineLinks(markdown: string): string {
  const targets = new Map(
    [...markdown.matchAll(/^\[([^\]]+)\]: (\S*GLOSSARY\.md#\S*)$/gm)].map((match) => [
      (match[1] ?? '').toLowerCase(),
      match[2] ?? '',
    ]),
  );
  return markdown.replace(
    /\[([^\]\n]+)\](?:\[([^\]\n]*)\])?(?![(:])/g,
    (whole, text: string, label?: string) => {
      const target = targets.get((label || text).toLowerCase());
      return target ? `[${text}](${target})` : whole;
    },
  );
}

/** The running text: without the title, the head, headings, code, waterfalls, tables' code and the targets of links. */
function proseOf(markdown: string): string {
  return markdown
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/^#+ .*$/gm, '')
    .replace(/^About \d+ minutes[\s\S]*?\n\n/m, '\n')
    .replace(/`[^`\n]*`/g, '')
    .replace(/^\[[^\]]+\]: .*$/gm, '')
    .replace(/\]\((?!\.\.\/\.\.\/GLOSSARY\.md)[^)]*\)/g, ']');
}

/** The words after "New words:", null when the head does not say. */
export function newWords(markdown: string): string[] | null {
  const list = /\bNew words: ([^.]+)\./.exec(markdown)?.[1]?.replace(/\s+/g, ' ');
  if (list === undefined) return null;
  return list === 'none' ? [] : list.split(/, | and /).map((word) => word.trim());
}

function glossaryLinks(markdown: string): string[] {
  return [...markdown.matchAll(/GLOSSARY\.md#([^)\s]*)\)/g)].map((match) => match[1] ?? '');
}

/** As GitHub makes anchors of headings. */
export function anchorOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
