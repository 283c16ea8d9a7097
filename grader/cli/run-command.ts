/**
 * Runs a command and returns its exit code. Errors of the given kinds are wrong usage or the machine's: their message
 * says what to do, and the code is 2. Anything else is a defect of ours (3).
 */
export async function runCommand(
  expected: readonly (new (...parameters: never[]) => Error)[],
  command: () => Promise<number>,
): Promise<number> {
  try {
    return await command();
  } catch (error) {
    const exitCode = (error as { exitCode?: unknown }).exitCode;
    // Commander has printed its own message, or the help that was asked for.
    if (typeof exitCode === 'number') return exitCode === 0 ? 0 : 2;
    if (expected.some((kind) => error instanceof kind)) {
      console.error((error as Error).message);
      return 2;
    }
    const own = error instanceof Error ? error : new Error(String(error));
    console.error(`The workshop itself had trouble. This is not your fault.\n${own.message}`);
    if (process.env.WORKSHOP_DEBUG) console.error(own.stack);
    return 3;
  }
}
