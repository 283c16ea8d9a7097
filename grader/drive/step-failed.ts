/** A step of the scenario that the learner's system did not let through. It ends the scenario, not the grading. */
export class StepFailed extends Error {
  /** what was to be done, in words: `sign in as Ben` */
  readonly step: string;
  constructor(step: string, message: string) {
    super(message);
    this.step = step;
  }
}
