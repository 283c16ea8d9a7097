import { WorkshopError } from '@workshop/base';

/** One thing that is wrong with a query; the shape of Honeycomb's `type_detail`. */
export interface QueryProblem {
  /** where, as a path: `filters[2].op` */
  field: string;
  code: 'invalid' | 'missing' | 'incorrect_type' | 'unsupported';
  /** a sentence for a person */
  description: string;
}

/** The query cannot run as it is. `message` lists every problem on its own line. */
export class QueryError extends WorkshopError {
  override name = 'QueryError';
  readonly problems: readonly QueryProblem[];

  constructor(problems: readonly QueryProblem[]) {
    super(problems.map((problem) => `${problem.field}: ${problem.description}`).join('\n'));
    this.problems = problems;
  }
}
