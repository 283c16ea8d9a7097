import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { emitKeypressEvents } from 'node:readline';
import { repositoryRoot } from '@workshop/base';
import { type Screen, screenOf } from '@workshop/base/terminal';
import { type Evidence, readEvidence } from '../evidence/index.ts';
import { type LiveEvent, LiveGrader, type LiveVerdict } from '../grading/index.ts';
import { changeLines, exerciseListLines, gradingLines } from '../report/index.ts';
import { watchSaves } from '../start/index.ts';
import { ownPlace, TREE_PARTS, type TreePlace } from '../tree/index.ts';
import { commandWord, exerciseStates, loadManifest, numberOf, readProgress } from '../workshop/index.ts';
import { theExercise } from './exercise.ts';
import { type ProgressLine, progressLine } from './progress-line.ts';
import { sayRepairs } from './repairs.ts';

export interface WatchOptions {
  plain?: boolean;
  /** tests give their own */
  place?: TreePlace;
}

/**
 * Grades an exercise now and after each save, until Ctrl-C or the key q. Without a word it is the current one, and after
 * a pass the next.
 * @returns exit code 0
 */
export async function watch(word: string | undefined, options: WatchOptions = {}): Promise<number> {
  await sayRepairs();
  const pinned = word === undefined ? undefined : (await theExercise(word)).id;
  const watching = new Watching(options, pinned);
  return watching.run();
}

/** Keys that a terminal takes, in the order in which they are named. */
const KEYS = { h: 'hint', l: 'list', c: 'compare', n: 'next', g: 'grade now', q: 'quit' } as const;

class Watching {
  readonly #screen: Screen;
  readonly #place: TreePlace;
  readonly #grader: LiveGrader;
  readonly #stopped = Promise.withResolvers<void>();
  #line: ProgressLine | null = null;
  /** the exercise of the last verdict, and whether it passed */
  #exercise: string | null;
  #passed = false;
  /** a command that writes on the screen */
  #busy: Promise<unknown> = Promise.resolve();

  constructor({ plain, place }: WatchOptions, pinned: string | undefined) {
    this.#screen = screenOf(process.stdout, process.env, plain ?? false);
    this.#place = place ?? ownPlace;
    this.#exercise = pinned ?? null;
    this.#grader = new LiveGrader({
      environment: process.env,
      place: this.#place,
      ...(pinned !== undefined && { exercise: pinned }),
      onEvent: (event) => this.#hear(event),
    });
  }

  async run(): Promise<number> {
    this.#line = await progressLine(process.stderr, this.#screen.plain);
    const watcher = watchSaves(this.#place.root, TREE_PARTS, () => this.#grader.settled(), {
      onChange: (file) => this.#grader.saving(file),
    });
    await watcher.ready;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => this.#stopped.resolve());
    const releaseKeys = this.#takeKeys();
    this.#grader.gradeNow();
    await this.#stopped.promise;
    releaseKeys();
    this.#line.stop();
    await Promise.all([watcher.close(), this.#grader.end()]);
    return 0;
  }

  #hear(event: LiveEvent): void {
    const line = this.#line as ProgressLine;
    if (event.type === 'save') line.step(`${event.file} saved`);
    else if (event.type === 'grading')
      line.step(`${event.exercise}: ${event.text} (${event.step} of ${event.of})`);
    else {
      line.stop();
      this.#say(event.type === 'verdict' ? this.#verdictLines(event) : troubleLines(event));
    }
  }

  /** What is written comes in order, and never over the words of a command. */
  #say(lines: Promise<string[]> | string[]): void {
    this.#busy = this.#busy.then(async () => console.log((await lines).join('\n')));
  }

  async #verdictLines(verdict: LiveVerdict): Promise<string[]> {
    const { exercise, result, changes, hadVerdict, current, seed, reopened } = verdict;
    this.#exercise = exercise;
    this.#passed = verdict.passed;
    const evidences = new Map<string, Evidence>();
    const evidence = result.evidence && (await readEvidence(path.join(repositoryRoot, result.evidence)));
    if (evidence) evidences.set(exercise, evidence);
    const exercises = await loadManifest();
    const folder = exercises.find(({ id }) => id === exercise)?.directory ?? '';
    const done = await readFile(path.join(folder, 'done.md'), 'utf8');
    const grading = gradingLines({
      results: [result],
      evidences,
      exercises,
      screen: this.#screen,
      ownRun: true,
      reopened,
      first: verdict.first ? [exercise] : [],
      progress: await readProgress(),
      seed,
      done,
    });
    const compared = changeLines(changes, hadVerdict, this.#screen);
    if (process.stdout.isTTY && !this.#screen.plain) process.stdout.write('\x1b[2J\x1b[3J\x1b[H');
    return [
      ...grading,
      '',
      ...compared,
      ...(compared.length > 0 ? [''] : []),
      this.#waitingLine(current === null ? 'All exercises are done.' : 'Waiting for your next save.'),
    ];
  }

  #waitingLine(what: string): string {
    const keys = process.stdin.isTTY
      ? Object.entries(KEYS)
          .map(([key, does]) => `${key} ${does}`)
          .join(', ')
      : 'Ctrl-C ends this';
    return `${new Date().toLocaleTimeString('en-GB')}  ${what} ${keys}.`;
  }

  #takeKeys(): () => void {
    const { stdin } = process;
    if (!stdin.isTTY) return () => {};
    emitKeypressEvents(stdin);
    stdin.setRawMode(true);
    stdin.resume();
    const onKey = (_: unknown, key: { name?: string; ctrl?: boolean }): void => this.#press(key);
    stdin.on('keypress', onKey);
    return () => {
      stdin.off('keypress', onKey);
      stdin.setRawMode(false);
      stdin.pause();
    };
  }

  #press({ name = '', ctrl = false }: { name?: string; ctrl?: boolean }): void {
    // In raw mode a terminal sends the key and no signal.
    if (name === 'q' || (ctrl && name === 'c')) this.#stopped.resolve();
    else if (name === 'h') this.#run('hint');
    else if (name === 'c') this.#run('compare');
    else if (name === 'g' || name === 'return') this.#grader.gradeNow();
    else if (name === 'n') this.#next();
    else if (name === 'l') this.#say(this.#list());
  }

  #next(): void {
    if (this.#passed) {
      this.#grader.pin(null);
      this.#grader.gradeNow();
    } else if (this.#exercise !== null) {
      const number = commandWord({ number: numberOf(this.#exercise) });
      this.#say([`${this.#exercise} is not passed yet. To leave it out: npm run skip -- ${number}`]);
    }
  }

  async #list(): Promise<string[]> {
    const listed = exerciseStates(
      await loadManifest(),
      await readProgress(path.join(this.#place.workshop, 'progress.json')),
    );
    return ['', ...exerciseListLines(listed, this.#screen), ''];
  }

  /** Another command, in a process of its own: compare drives a system, and what it says is its own. */
  #run(command: 'hint' | 'compare'): void {
    const words = this.#exercise === null ? [] : [this.#exercise];
    this.#busy = this.#busy.then(
      () =>
        new Promise<void>((resolve) => {
          console.log('');
          const child = spawn(
            process.execPath,
            [path.join(import.meta.dirname, 'workshop.ts'), command, ...words],
            { cwd: repositoryRoot, stdio: ['ignore', 'inherit', 'inherit'] },
          );
          child.once('error', () => resolve());
          child.once('exit', () => resolve());
        }),
    );
    this.#say([this.#waitingLine('')]);
  }
}

function troubleLines({ exercise, message }: Extract<LiveEvent, { type: 'trouble' }>): string[] {
  return [`${exercise ?? 'Your save'} was not graded:`, ...message.split('\n').map((line) => `  ${line}`)];
}
