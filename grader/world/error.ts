/**
 * The grader's own trouble: no database, no port, a broken pristine tree. It is never the learner's failure.
 * `message` is written for a person: what did not work, and what they can do.
 */
export class WorldError extends Error {
  override name = 'WorldError';
}
