/** What the exit code of every command says. */
export const EXIT_CODES = {
  ok: 0,
  /** the answer is no: not passed, not found, refused by another program */
  failed: 1,
  /** a wrong command, file or setting, or something in the way: the person at the keyboard can mend it */
  usage: 2,
  /** the workshop's own trouble */
  internal: 3,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/**
 * An error that a person reads: without a stack, with what to do. A room makes a class of its own from it only where
 * somebody must tell that error from others; a bug is never one.
 */
export class WorkshopError extends Error {
  override name = 'WorkshopError';
  readonly exitCode: ExitCode;
  /** One or more sentences: the next step of the reader. */
  readonly whatToDo?: string;

  /**
   * @param message what is wrong, in whole sentences
   * @param options.exitCode what a command ends with, 2 when it is not said
   */
  constructor(message: string, options: { exitCode?: ExitCode; whatToDo?: string; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.exitCode = options.exitCode ?? EXIT_CODES.usage;
    this.whatToDo = options.whatToDo;
  }

  /** What is wrong and what to do, as a command prints it. */
  get text(): string {
    return this.whatToDo === undefined ? this.message : `${this.message}\n${this.whatToDo}`;
  }
}
