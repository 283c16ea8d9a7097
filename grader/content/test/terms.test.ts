import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { glossaryProblems, parseGlossary, readmeProblems } from '../index.ts';

const GLOSSARY = `# Glossary

## active span

*Exercise 02.* The span of now.

## SERVER span

*Exercise 01.* The span of a request. It is the longest.

## span

*Exercise 01.* One piece of
work.

## status

*Exercise 03.* How a span ended.
`;
const terms = parseGlossary(GLOSSARY);
const LINKS = '\n[span]: ../../GLOSSARY.md#span\n[SERVER span]: ../../GLOSSARY.md#server-span\n';
const GOOD = `# 01 · Spans and status

About 5 minutes. Needs nothing. New words: span, SERVER span.

## What is a span

Work is a **[span]**, and spans have \`active span\` in code. The **[SERVER span]** is one.
The status of 200 is an everyday word.
${LINKS}`;

describe('the glossary', () => {
  test('is read: name, exercise, definition', () => {
    assert.deepEqual(terms[2], { name: 'span', exercise: '01', definition: 'One piece of work.' });
    assert.deepEqual(glossaryProblems(terms), []);
  });

  test('must be in order, with an exercise each and two sentences at most', () => {
    const [active, server, span] = terms as [never, never, never];
    assert.match(glossaryProblems([server, active]).join(), /"active span" must stand before "server span"/);
    assert.match(
      glossaryProblems(parseGlossary('## span\n\nOne piece of work.\n')).join(),
      /"span" must begin with "\*Exercise NN\.\*"/,
    );
    assert.match(
      glossaryProblems([{ ...(span as object), definition: 'One. Two. Three.' } as never]).join(),
      /takes 3 sentences/,
    );
  });
});

describe('the words of a README', () => {
  const problemsOf = (readme: string, number = '01'): string =>
    readmeProblems(number, readme, terms).join('\n');

  test('are right when each is introduced, bold and linked, at its first use', () => {
    assert.equal(problemsOf(GOOD), '');
  });

  test('may be linked in place, too', () => {
    assert.equal(problemsOf(GOOD.replace('**[span]**', '**[span](../../GLOSSARY.md#span)**')), '');
  });

  const WRONG: [string, (readme: string) => string, RegExp][] = [
    [
      'a new word that the glossary lacks',
      (r) => r.replace('words: span', 'words: spin'),
      /"spin" is not in/,
    ],
    [
      'a new word that another exercise introduces',
      (r) => r.replace('words: span', 'words: active span'),
      /says that exercise 02 introduces it/,
    ],
    ['no list of new words', (r) => r.replace(/ New words: [^.]*\./, ''), /its head must say "New words/],
    [
      'too many new words',
      (r) => r.replace('words: span', 'words: a, b, span'),
      /4 new words, and at most 3/,
    ],
    ['a word that is not linked', (r) => r.replace('[span]**', 'span**'), /must be \*\*\[span\]\*\*/],
    ['a word that is not bold', (r) => r.replace('**[span]**', '[span]'), /linked but not bold/],
    [
      'a word used before it is introduced',
      (r) => r.replace('Work is', 'Spans are many. Work is'),
      /"span" is used before it is introduced/,
    ],
    [
      'a word of a later exercise',
      (r) => r.replace('Work is', 'The active\nspan is work. Work is'),
      /uses "active span", which exercise 02/,
    ],
    [
      'a link to nothing',
      (r) => r.replace('#server-span', '#client-span'),
      /GLOSSARY\.md#client-span leads to no word/,
    ],
  ];
  for (const [what, change, message] of WRONG) {
    test(`are wrong with ${what}`, () => {
      assert.notEqual(change(GOOD), GOOD);
      assert.match(problemsOf(change(GOOD)), message);
    });
  }

  test('may be used freely later', () => {
    const later = '# 03 · Later\n\nAbout 5 minutes. Needs 01. New words: none.\n\nA span, an active span.\n';
    assert.equal(readmeProblems('04', later, terms).join(), '');
  });
});
