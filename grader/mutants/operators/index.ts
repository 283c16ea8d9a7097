import type { Operator } from '../operator.ts';
import { ANSWERS } from './answers.ts';
import { ATTRIBUTES } from './attributes.ts';
import { CALLS } from './calls.ts';
import { CONTROL } from './control.ts';
import { LITERALS } from './literals.ts';
import { OPTIONS } from './options.ts';
import { QUERIES } from './queries.ts';
import { SET_UP } from './set-up.ts';
import { SPANS } from './spans.ts';

const CODE: Operator[] = [...SET_UP, ...CALLS, ...CONTROL, ...SPANS, ...ATTRIBUTES, ...OPTIONS, ...LITERALS];

export const OPERATORS: readonly Operator[] = [...CODE, ...QUERIES, ...ANSWERS];

/**
 * The operators for a file of a tree. None for what the grader replaces or nobody runs: `config.json` of the page,
 * which the grader writes for its own ports, and notes.
 */
export function operatorsFor(path: string): readonly Operator[] {
  if (path === 'answers.json') return ANSWERS;
  if (path.startsWith('queries/') && path.endsWith('.json')) return QUERIES;
  return path.endsWith('.ts') ? CODE : [];
}
