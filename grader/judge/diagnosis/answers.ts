import { nearestName } from '@workshop/telemetry/pure';
import type { AnswersFile, Json } from '../../evidence/index.ts';
import type { Finding } from '../finding.ts';

export interface DeclaredAnswer {
  /** what the form is called in a message, and the answers that this run's traces allow */
  form: 'a whole number' | 'a name' | 'a name or a code' | 'a user id' | 'a variant and a request';
  accepted: readonly (string | number)[];
  /** known wrong ways to count, each with what it counted */
  nearMisses?: readonly { value: string | number; because: string }[];
  /** where in the trace to look, without the answer */
  look: string;
}

/** Judges one answer of answers.json; null when it is right. The right answer is never printed. */
export function diagnoseAnswerFile(
  answers: AnswersFile,
  exercise: string,
  question: string,
  declared: DeclaredAnswer,
): Finding | null {
  const wanted = `under "${exercise}" in answers.json: ${question}, ${declared.form}.`;
  if (answers.state === 'broken') {
    return {
      reason: 'answer-wrong-form',
      saw: `answers.json cannot be read: ${answers.message}.`,
      wanted,
      look: 'that place in answers.json, and the line before it.',
    };
  }
  const given = answers.state === 'read' ? answers.values[exercise] : undefined;
  if (given === undefined || given === null || given === '') {
    return {
      reason: 'answer-missing',
      saw:
        answers.state === 'missing'
          ? 'there is no answers.json.'
          : `nothing stands under "${exercise}" in answers.json.`,
      wanted,
      look: declared.look,
    };
  }
  const value = normal(given, declared.form);
  if (value === null) {
    return {
      reason: 'answer-wrong-form',
      saw: `your answer is ${JSON.stringify(given).slice(0, 60)}.`,
      wanted: `${declared.form}: ${question}.`,
      look: 'the form of the answer. Units and other words do not belong to it.',
    };
  }
  if (declared.form === 'a user id' && typeof given === 'number') {
    return {
      reason: 'answer-wrong-form',
      saw: `your answer is ${given}, a number.`,
      wanted: `${declared.form}: ${question}. Ids have four digits.`,
      look: 'the form of the answer. An id is a text in quotes: a number loses its leading zeros.',
    };
  }
  const accepted = declared.accepted.map((one) => normal(one, declared.form));
  if (accepted.includes(value)) return null;
  const miss = declared.nearMisses?.find((one) => normal(one.value, declared.form) === value);
  if (declared.form === 'a user id' && miss === undefined && !/^\d+$/.test(String(value))) {
    return {
      reason: 'answer-wrong-form',
      saw: `your answer is ${JSON.stringify(given).slice(0, 60)}. Ids are digits.`,
      wanted: `${declared.form}: ${question}.`,
      look: 'the form of the answer. The attribute user.id of a SERVER span is an id; a name is not.',
    };
  }
  const near =
    (declared.form === 'a name' || declared.form === 'a name or a code') && miss === undefined
      ? nearestName(String(value), declared.accepted.map(String))
      : null;
  return {
    reason: 'answer-wrong',
    saw: `your answer is ${JSON.stringify(given).slice(0, 60)}. The trace says something else.`,
    wanted,
    cause: miss
      ? miss.because
      : near
        ? 'Your answer is very near: compare its letters with the trace.'
        : undefined,
    look: declared.look,
  };
}

/** Numbers may be written as text, names in any case and with spaces around. Null: not of the form. */
function normal(value: Json, form: DeclaredAnswer['form']): string | number | null {
  if (form === 'a whole number') {
    const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
    return /^\d{1,9}$/.test(text) ? Number(text) : null;
  }
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.trim().replace(/\s+/g, ' ').toLowerCase() : null;
}
