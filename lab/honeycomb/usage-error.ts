/** A wrong or missing setting, or a wrong command: the text is for a person. The command line exits with 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}
