import ts from 'typescript';
import type { Operator } from '../operator.ts';
import { literalText, nodesOf, replaced, withoutElement } from '../syntax.ts';

/** The last answer is the one of the exercise that the file belongs to. */
function lastAnswer(source: ts.SourceFile): ts.PropertyAssignment | undefined {
  return nodesOf(source, ts.isPropertyAssignment).at(-1);
}

const rewriting = (
  name: string,
  rewrite: (value: ts.Expression) => { text: string; what: string } | null,
): Operator => ({
  name,
  find: (source) => {
    const answer = lastAnswer(source);
    const other = answer && rewrite(answer.initializer);
    return answer && other ? [replaced(answer.initializer, other.text, `the answer ${other.what}`)] : [];
  },
});

const number = (value: ts.Expression): number | null =>
  ts.isNumericLiteral(value) ? Number(value.text) : null;

const dropAnswer: Operator = {
  name: 'drop-answer',
  find: (source) => {
    const answer = lastAnswer(source);
    if (!answer || !ts.isObjectLiteralExpression(answer.parent)) return [];
    return [
      {
        at: answer.getStart(),
        edits: [withoutElement(answer.parent.properties, answer)],
        what: 'the answer is left out',
      },
    ];
  },
};

const otherAnswerKey: Operator = {
  name: 'other-answer-key',
  find: (source) => {
    const answer = lastAnswer(source);
    const key = literalText(answer?.name as ts.Expression | undefined);
    return answer && key !== null
      ? [replaced(answer.name, `"exercise ${key}"`, `the answer stands at "exercise ${key}"`)]
      : [];
  },
};

const brokenFile: Operator = {
  name: 'broken-answers',
  find: (source) => {
    const answer = lastAnswer(source);
    return answer ? [replaced(answer.initializer, '', 'the file is no JSON')] : [];
  },
};

const plusOne = (by: number) => (value: ts.Expression) => {
  const known = number(value);
  return known === null ? null : { text: String(known + by), what: `is ${known + by}` };
};

/** Faults of an answer. */
export const ANSWERS: Operator[] = [
  dropAnswer,
  otherAnswerKey,
  brokenFile,
  rewriting('answer-one-more', plusOne(1)),
  rewriting('answer-one-less', plusOne(-1)),
  rewriting('answer-altered', (value) => {
    const text = literalText(value);
    return text === null
      ? null
      : { text: JSON.stringify(`${text.slice(0, -1)}?`), what: 'ends in another way' };
  }),
  rewriting('answer-zero', () => ({ text: '0', what: 'is 0' })),
  rewriting('answer-empty', () => ({ text: '""', what: 'is an empty text' })),
  rewriting('answer-null', () => ({ text: 'null', what: 'is null' })),
  rewriting('answer-listed', (value) => ({
    text: `[${value.getText()}, 1, "GET /feed"]`,
    what: 'is a list',
  })),
];
