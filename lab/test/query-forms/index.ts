import { CALCULATIONS } from './calculations.ts';
import { EXPRESSIONS } from './expressions.ts';
import { FILTERS } from './filters.ts';
import type { Form } from './form.ts';
import { RELATED } from './relations.ts';
import { RESULTS } from './results.ts';
import { TIME } from './time.ts';
import { WHOLE_QUERIES } from './whole-queries.ts';

export type { Form } from './form.ts';

/** Every form of a query that was seen, by what it is about. */
export const FORMS: Readonly<Record<string, readonly Form[]>> = {
  calculations: CALCULATIONS,
  filters: FILTERS,
  'breakdowns, orders, havings, limits': RESULTS,
  time: TIME,
  'columns of other spans': RELATED,
  'calculated fields and formulas': EXPRESSIONS,
  'whole queries': WHOLE_QUERIES,
};
