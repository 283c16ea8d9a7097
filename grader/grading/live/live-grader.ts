import { join } from 'node:path';
import { freshSeed } from '@workshop/base';
import type { ExerciseResult } from '../../judge/index.ts';
import type { ReportedExercise } from '../../report/index.ts';
import { ownPlace, type TreePlace } from '../../tree/index.ts';
import {
  currentExercise,
  type Exercise,
  loadManifest,
  type Progress,
  readProgress,
} from '../../workshop/index.ts';
import { type CheckChange, changesBetween } from '../changes.ts';
import { rememberPasses } from '../remember.ts';
import { keepVerdict } from '../verdict-record.ts';
import { GradingProcess } from './grading-process.ts';
import type { Graded, GradingNews, GradingStep } from './messages.ts';

/** What the live grader does now. A generation is one state of the learner's files: each save begins the next. */
export type LiveState =
  | { phase: 'idle'; generation: number }
  /** files were saved, and it waits until they stand still */
  | { phase: 'pending'; generation: number; exercise: string | null }
  | ({ phase: 'grading'; generation: number; exercise: string } & GradingStep);

/** What happens, as it happens. An event of an older generation never comes after one of a newer. */
export type LiveEvent =
  /** from here on every earlier verdict is old */
  | { type: 'save'; generation: number; file: string; exercise: string | null }
  | ({ type: 'grading'; generation: number; exercise: string } & GradingStep)
  | ({ type: 'verdict'; generation: number } & LiveVerdict)
  /** no verdict: the grader's own trouble, or files that cannot be graded */
  | { type: 'trouble'; generation: number; exercise: string | null; message: string };

export interface LiveVerdict {
  exercise: string;
  verdict: ReportedExercise['verdict'];
  passed: boolean;
  /** true: it passes and had not passed before */
  first: boolean;
  /** false: it was never graded before, so nothing can have changed */
  hadVerdict: boolean;
  /** its own id, when it passed before and does not now */
  reopened: string[];
  /** what the last verdict on this exercise did not say */
  changes: CheckChange[];
  /** id of the exercise to be worked on now; null: all are done */
  current: string | null;
  result: ExerciseResult;
  report: ReportedExercise;
  tree: string;
  seed: number;
  /** milliseconds from the save, or from the request to grade */
  ms: number;
}

export interface LiveGraderOptions {
  /** environment of the process that grades; never with keys of Honeycomb */
  environment: NodeJS.ProcessEnv;
  /** the exercise to grade at each save; absent: the current one */
  exercise?: string;
  /** whose files and records; the learner's own when it is not said */
  place?: TreePlace;
  onEvent: (event: LiveEvent) => void;
}

/** A grading that runs. */
interface Running {
  order: number;
  generation: number;
  /** empty until it is known */
  exercise: string;
  sinceMs: number;
  /** its files stand still; if not, its process waits to hear so */
  settled: boolean;
  /** the exercise that was asked for; null: the current one */
  pinned: string | null;
}

/** Grades the current exercise after every save. One grading at a time, always of the newest files. */
export class LiveGrader {
  readonly #options: LiveGraderOptions;
  readonly #place: TreePlace;
  readonly #process: GradingProcess;
  #generation = 0;
  #state: LiveState = { phase: 'idle', generation: 0 };
  /** what is to be graded once the running grading has ended */
  #wanted: { exercise: string | null; sinceMs: number } | null = null;
  #running: Running | null = null;
  #orders = 0;
  #burst = false;
  #savedAtMs: number | null = null;
  #ended = false;
  /** the exercise that every save is about; null: the current one */
  #pinned: string | null;
  /** the current one, as far as it is known: a save is told at once, before any file is read */
  #lastCurrent: string | null = null;

  constructor(options: LiveGraderOptions) {
    this.#options = options;
    this.#place = options.place ?? ownPlace;
    this.#pinned = options.exercise ?? null;
    this.#process = new GradingProcess(options.environment, (news) => void this.#hear(news));
  }

  get state(): LiveState {
    return this.#state;
  }

  get pid(): number | null {
    return this.#process.pid;
  }

  /** Loads what a grading needs, so that the first is as quick as the next. */
  async warmUp(): Promise<void> {
    // What is wrong comes up again in a grading, and is told there.
    const exercise = this.#pinned ?? (await this.#current().catch(() => undefined))?.id;
    if (exercise !== undefined && !this.#ended) this.#process.warmUp(exercise, this.#place.root);
  }

  /**
   * A file was saved: every verdict so far is old from now on. More may follow in the same moment; `settled` says that
   * they stand still. Told at the first one of a burst.
   * @param file path from the learner's folder
   */
  saving(file: string): void {
    this.#savedAtMs ??= performance.now();
    if (this.#burst) return;
    this.#burst = true;
    this.#generation++;
    const exercise = this.#pinned ?? this.#lastCurrent;
    // What runs is about files that are gone. What can be done before these stand still begins now.
    this.#want(this.#pinned, this.#savedAtMs);
    this.#state = { phase: 'pending', generation: this.#generation, exercise };
    this.#emit({ type: 'save', generation: this.#generation, file, exercise });
  }

  /** The files stand still: they are graded. What was begun meanwhile goes on if it is about these very files. */
  settled(): void {
    this.#burst = false;
    const sinceMs = this.#savedAtMs ?? performance.now();
    this.#savedAtMs = null;
    const running = this.#running;
    if (running?.generation !== this.#generation || running.settled) this.#want(this.#pinned, sinceMs);
    else void this.#settle(running, sinceMs);
  }

  async #settle(running: Running, sinceMs: number): Promise<void> {
    // Whoever changes files may change the progress, too: `goto` does.
    const wanted = this.#pinned ?? (await this.#current().catch(() => undefined))?.id;
    if (this.#burst || this.#wanted) return;
    const isWanted = running.pinned === this.#pinned && (running.exercise || wanted) === wanted;
    if (this.#running !== running || !isWanted) return this.#want(this.#pinned, sinceMs);
    running.settled = true;
    this.#process.settled(running.order);
  }

  /** Grades the files as they are. @param exercise absent: the current one */
  gradeNow(exercise: string | null = this.#pinned): void {
    const { phase } = this.#state;
    // The very thing is under way.
    if (
      phase !== 'idle' &&
      this.#running?.generation === this.#generation &&
      this.#running.exercise === exercise
    )
      return;
    this.#want(exercise, performance.now());
  }

  /** From now on every save is about this exercise; null: about the current one. */
  pin(exercise: string | null): void {
    this.#pinned = exercise;
  }

  async end(): Promise<void> {
    this.#ended = true;
    this.#wanted = null;
    await this.#process.end();
  }

  kill(): void {
    this.#ended = true;
    this.#process.kill();
  }

  #want(exercise: string | null, sinceMs: number): void {
    if (this.#ended) return;
    this.#wanted = { exercise, sinceMs };
    this.#state = { phase: 'pending', generation: this.#generation, exercise };
    if (this.#running) this.#process.drop();
    else void this.#begin();
  }

  async #begin(): Promise<void> {
    const wanted = this.#wanted;
    if (!wanted || this.#running || this.#ended) return;
    this.#wanted = null;
    const order = ++this.#orders;
    const generation = this.#generation;
    // Taken before the first wait, so that nothing else begins meanwhile.
    const running: Running = {
      order,
      generation,
      exercise: wanted.exercise ?? '',
      sinceMs: wanted.sinceMs,
      settled: !this.#burst,
      pinned: wanted.exercise,
    };
    this.#running = running;
    let trouble: string | null = null;
    const exercise =
      wanted.exercise ??
      (
        await this.#current().catch((error: Error) => {
          trouble = error.message;
          return undefined;
        })
      )?.id ??
      null;
    if (exercise === null || this.#ended) {
      this.#running = null;
      this.#state = { phase: 'idle', generation: this.#generation };
      // Of files that still change, only what is left of it in the end is trouble.
      if (trouble !== null && running.settled)
        this.#emit({ type: 'trouble', generation, exercise: null, message: trouble });
      return;
    }
    if (this.#wanted) {
      this.#running = null;
      return this.#begin();
    }
    running.exercise = exercise;
    const { settled } = running;
    this.#process.grade({ order, exercise, seed: freshSeed(), root: this.#place.root, settled });
  }

  async #hear(news: GradingNews): Promise<void> {
    const running = this.#running;
    if (news.kind === 'ready' || !running || news.order !== running.order || this.#ended) return;
    const { generation, exercise } = running;
    const isNewest = generation === this.#generation && this.#wanted === null;
    if (news.kind === 'step') {
      if (!isNewest) return;
      const { step, of, text } = news;
      this.#state = { phase: 'grading', generation, exercise, step, of, text };
      return this.#emit({ type: 'grading', generation, exercise, step, of, text });
    }
    // A save that came meanwhile has asked for another grading, or will: this one is old and says nothing.
    let trouble = news.kind === 'failed' ? news.message : null;
    if (news.kind === 'graded' && isNewest) {
      // A full disk, or a README that is being written.
      await this.#conclude(news, running).catch((error: Error) => {
        trouble = `The verdict could not be kept: ${error.message}`;
      });
    }
    this.#running = null;
    if (generation === this.#generation && this.#wanted === null) this.#state = { phase: 'idle', generation };
    if (trouble !== null && isNewest) this.#emit({ type: 'trouble', generation, exercise, message: trouble });
    await this.#begin();
  }

  async #conclude(
    { result, report, tree, seed }: Graded,
    { generation, exercise, sinceMs }: { generation: number; exercise: string; sinceMs: number },
  ): Promise<void> {
    const [{ last }, { reopened, first }] = await Promise.all([
      keepVerdict({ tree, seed, exercise: report }, this.#place.workshop),
      rememberPasses([result], this.#place.workshop),
    ]);
    const current = (await this.#current())?.id ?? null;
    const changes = changesBetween(last?.exercise ?? null, report);
    if (generation !== this.#generation) return;
    this.#state = { phase: 'idle', generation };
    this.#emit({
      type: 'verdict',
      generation,
      exercise,
      verdict: report.verdict,
      passed: report.verdict === 'pass',
      first: first.includes(exercise),
      hadVerdict: last !== null,
      reopened,
      changes,
      current,
      result,
      report,
      tree,
      seed,
      ms: Math.round(performance.now() - sinceMs),
    });
    // What had broken is mended: the save was for the exercise that is worked on, and no further one need be made.
    const isMended = report.verdict === 'pass' && last !== null && last.exercise.verdict !== 'pass';
    if (isMended && !first.includes(exercise) && this.#pinned === null && current !== null)
      this.#want(null, performance.now());
  }

  #progress(): Promise<Progress> {
    return readProgress(join(this.#place.workshop, 'progress.json'));
  }

  async #current(): Promise<Exercise | undefined> {
    const current = currentExercise(await loadManifest(), await this.#progress());
    this.#lastCurrent = current?.id ?? null;
    return current;
  }

  #emit(event: LiveEvent): void {
    this.#options.onEvent(event);
  }
}
