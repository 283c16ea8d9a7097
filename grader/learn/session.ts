import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '@workshop/base';
import { readJson } from '@workshop/base/json';
import { blocksOf } from '../content/index.ts';
import { isAnswerLeft, type LiveGrader, readVerdict } from '../grading/index.ts';
import { hashTree, listTree, type TreePlace } from '../tree/index.ts';
import {
  commandWord,
  type Exercise,
  exerciseStates,
  type Hint,
  loadManifest,
  nextHint,
  numberOf,
  type Progress,
  readHints,
  readProgress,
  writeProgress,
} from '../workshop/index.ts';
import { doneHtml, htmlOf, readmeHtml, termsIn } from './markdown.ts';
import type { ExerciseDetail, ExerciseList, Hints, LiveState } from './shapes/index.ts';

/** What is to be known of a learner and their exercises: read from their files anew each time, since an editor writes them. */
export class LearnSession {
  readonly place: TreePlace;
  readonly grader: Pick<LiveGrader, 'state' | 'gradeNow'>;
  readonly #exercisesDir: string | undefined;

  /** @param exercisesDir tests give their own */
  constructor(place: TreePlace, grader: Pick<LiveGrader, 'state' | 'gradeNow'>, exercisesDir?: string) {
    this.place = place;
    this.grader = grader;
    this.#exercisesDir = exercisesDir;
  }

  /** The exercise that a number or a folder's name is of; null when there is none. */
  async find(id: string): Promise<Exercise | null> {
    const all = await loadManifest(this.#exercisesDir);
    return all.find((one) => one.id === id || one.number === id || commandWord(one) === id) ?? null;
  }

  async list(): Promise<ExerciseList> {
    const listed = exerciseStates(await loadManifest(this.#exercisesDir), await this.#progress());
    return {
      exercises: listed.map(describe),
      current: listed.find(({ state }) => state === 'current')?.exercise.number ?? null,
      live: this.live(),
    };
  }

  live(): LiveState {
    const { state } = this.grader;
    const grading = state.phase === 'grading' ? state : null;
    return {
      phase: state.phase,
      generation: state.generation,
      exercise: state.phase === 'idle' || state.exercise === null ? null : numberOf(state.exercise),
      step: grading && { step: grading.step, of: grading.of, text: grading.text },
    };
  }

  async detail(exercise: Exercise): Promise<ExerciseDetail> {
    const [readme, glossary, all, progress, verdict, hints, question] = await Promise.all([
      readFile(join(exercise.directory, 'README.md'), 'utf8'),
      readFile(join(repositoryRoot, 'GLOSSARY.md'), 'utf8').catch(() => ''),
      loadManifest(this.#exercisesDir),
      this.#progress(),
      this.#verdict(exercise),
      this.hints(exercise),
      this.#question(exercise),
    ]);
    const listed = exerciseStates(all, progress).find((one) => one.exercise.id === exercise.id);
    if (!listed) throw new Error(`${exercise.id} is not in the manifest`);
    const html = readmeHtml(readme);
    const passed = exercise.id in progress.done;
    const done = passed
      ? await readFile(join(exercise.directory, 'done.md'), 'utf8').catch(() => null)
      : null;
    return {
      ...describe(listed),
      html,
      terms: termsIn(html, glossary),
      checks: checksIn(readme),
      hints,
      done: done === null ? null : doneHtml(done, verdict?.exercise.told ?? {}),
      question,
      verdict,
    };
  }

  async hints(exercise: Exercise): Promise<Hints> {
    if (!exercise.hasChecks) return { shown: [], total: 0 };
    const [all, progress] = await Promise.all([hintsOf(exercise), this.#progress()]);
    const shown = all.slice(0, progress.hints[exercise.id] ?? 0);
    return {
      shown: shown.map(({ heading, text }) => ({ heading, html: htmlOf(text) })),
      total: all.length,
    };
  }

  /** Remembers that one more hint was asked for; after the last nothing changes. */
  async takeHint(exercise: Exercise): Promise<Hints> {
    const answerLeft = isAnswerLeft(await readVerdict(exercise.id, this.place.workshop));
    const next = nextHint(exercise, await hintsOf(exercise), await this.#progress(), false, answerLeft);
    if (next) await writeProgress(next.progress, this.#progressFile);
    return this.hints(exercise);
  }

  async #verdict(exercise: Exercise): Promise<ExerciseDetail['verdict']> {
    const record = await readVerdict(exercise.id, this.place.workshop);
    if (!record) return null;
    const { at, seed, before } = record;
    const now = await hashTree(await listTree(this.place.root));
    return { at, seed, stale: now !== record.tree, exercise: record.exercise, before };
  }

  /** The question stands in the list of checks of the README, and its answer in answers.json. */
  async #question(exercise: Exercise): Promise<ExerciseDetail['question']> {
    const readme = await readFile(join(exercise.directory, 'README.md'), 'utf8');
    const asked = checksIn(readme).find(({ title }) => title.startsWith('answer: '));
    if (!asked) return null;
    const text = await readFile(join(this.place.root, 'answers.json'), 'utf8').catch(() => '{}');
    const read = readJson(text);
    const values = 'value' in read ? (read.value as Record<string, unknown> | null) : null;
    return {
      text: asked.title.slice('answer: '.length),
      slots: [{ key: exercise.number, value: values?.[exercise.number] ?? null }],
      problem: 'problem' in read ? `answers.json cannot be read: ${read.problem}.` : null,
    };
  }

  get #progressFile(): string {
    return join(this.place.workshop, 'progress.json');
  }

  #progress(): Promise<Progress> {
    return readProgress(this.#progressFile);
  }
}

function describe({ exercise, state, waitsFor }: ReturnType<typeof exerciseStates>[number]) {
  return {
    id: exercise.number,
    slug: exercise.id,
    title: exercise.title,
    minutes: exercise.minutes,
    state,
    waitsFor: waitsFor.map(numberOf),
    optional: !exercise.hasChecks || exercise.optional === true,
  };
}

/** The lines of "Done when", `ok    03.2  it lies inside the request that caused it`; a test proves that they are the checks. */
function checksIn(readme: string): { number: string; title: string }[] {
  const block = blocksOf(readme).find(({ kind }) => kind === 'checks');
  return [...(block?.content ?? '').matchAll(/^ok +(\d\d[a-z]?\.\d+) +(.+)$/gm)].map(
    ([, number = '', title = '']) => ({ number, title: title.trim() }),
  );
}

async function hintsOf(exercise: Exercise): Promise<Hint[]> {
  return readHints(exercise).catch(() => []);
}
