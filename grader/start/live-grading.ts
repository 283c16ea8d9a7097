import path from 'node:path';
import { repositoryRoot, until } from '@workshop/base';
import type { Mount } from '@workshop/lab';
import { type LiveEvent, LiveGrader, STEP_OF_JUDGING } from '../grading/index.ts';
import type { Solutions } from '../learn/index.ts';
import { ownPlace, type TreePlace } from '../tree/index.ts';
import { withoutKeys } from './environment.ts';
import { liveLines } from './live-lines.ts';
import type { LogLines } from './log-lines.ts';

/** The live grader beside a running Murmur: the terminal gets a line or two of each verdict, the lab's page all of it. */
export class LiveGrading {
  readonly #grader: LiveGrader;
  readonly #place: TreePlace;
  readonly #log: LogLines;
  /** tells the lab's stream; null while there is no lab */
  #publish: ((event: LiveEvent) => void) | null = null;
  #solutions: Solutions | null = null;
  readonly #environment: NodeJS.ProcessEnv;

  /** @param root the learner's folder */
  constructor(root: string, shell: NodeJS.ProcessEnv, log: LogLines) {
    this.#place = root === repositoryRoot ? ownPlace : { root, workshop: path.join(root, '.workshop') };
    this.#log = log;
    this.#environment = withoutKeys(shell);
    this.#grader = new LiveGrader({
      environment: this.#environment,
      place: this.#place,
      onEvent: (event) => this.#hear(event),
    });
  }

  /** Puts the learner's routes on the lab, and the grader's events on its stream. */
  readonly mount: Mount = async (app, events) => {
    // What renders the texts is loaded where there is a lab alone.
    const { addLearnRoutes, addSolutionRoutes, LearnSession, publishLive, Solutions } = await import(
      '../learn/index.ts'
    );
    this.#publish = (event) => publishLive(events, event);
    const session = new LearnSession(this.#place, this.#grader);
    this.#solutions = new Solutions(this.#place, this.#environment, (event) =>
      events.publish('solution', event),
    );
    addLearnRoutes(app, session);
    addSolutionRoutes(app, session, this.#solutions);
  };

  warmUp(): void {
    void this.#grader.warmUp();
  }

  saving(file: string): void {
    this.#grader.saving(file);
  }

  settled(): void {
    this.#grader.settled();
  }

  /** true while the learner's system starts or is driven for a grading */
  get isDriving(): boolean {
    const { state } = this.#grader;
    return state.phase === 'pending' || (state.phase === 'grading' && state.step < STEP_OF_JUDGING);
  }

  /** Resolves when nothing is graded, or the time is over. */
  async idle(maxMs: number): Promise<void> {
    await until(() => this.#grader.state.phase === 'idle', { maxMs, everyMs: 50 });
  }

  end(): Promise<void> {
    this.#solutions?.end();
    return this.#grader.end();
  }

  kill(): void {
    this.#solutions?.end();
    this.#grader.kill();
  }

  #hear(event: LiveEvent): void {
    this.#publish?.(event);
    for (const line of liveLines(event)) this.#log.say(line);
  }
}
