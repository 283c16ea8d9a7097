/** A command that cannot be meant so. The message is one clear sentence; the exit code is 2. */
export class UsageError extends Error {}
