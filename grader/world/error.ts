import { EXIT_CODES, WorkshopError } from '@workshop/base';

/**
 * The grader's own trouble: no database, no port, a broken pristine tree. It is never the learner's failure.
 * `message` is written for a person: what did not work, and what they can do.
 */
export class WorldError extends WorkshopError {
  override name = 'WorldError';

  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { ...options, exitCode: EXIT_CODES.internal });
  }
}
