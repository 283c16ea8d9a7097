/** A step of the scenario that the learner's system did not let through. Ends the scenario, not the grading. */
export class StepFailed extends Error {
  readonly step: string;
  constructor(step: string, message: string) {
    super(message);
    this.step = step;
  }
}
