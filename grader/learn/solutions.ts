import { join } from 'node:path';
import { repositoryRoot } from '@workshop/base';
import { readEvidence } from '../evidence/index.ts';
import {
  keptEvidence,
  type NearestSolution,
  nearestSolution,
  readVerdict,
  SolutionProcess,
  treeOfSolution,
  type VerdictRecord,
} from '../grading/index.ts';
import { counterpartOf, mainView } from '../judge/index.ts';
import { codeComparison, compactTrace, type ReportedSpan, reportedTraces } from '../report/index.ts';
import { listTree, type Tree, type TreePlace } from '../tree/index.ts';
import { type Exercise, numberOf, readProgress } from '../workshop/index.ts';
import type { Solution, SolutionEvent, SolutionTrace } from './shapes/index.ts';

/** Columns of the code beside the solution's. */
const CODE_COLUMNS = 80;

interface Drive {
  seed: number;
  step: string;
  /** null: it runs, or has been driven */
  problem: string | null;
  process: SolutionProcess | null;
}

/**
 * The solutions beside the learner's verdicts. One is driven only when somebody asks, with the verdict's seed, in a
 * process of its own; what it saw is kept by the content hash of its files.
 */
export class Solutions {
  readonly #place: TreePlace;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #tell: (event: SolutionEvent) => void;
  /** ids of exercises whose structure somebody wanted to see before passing */
  readonly #wanted = new Set<string>();
  readonly #drives = new Map<string, Drive>();

  /** @param environment of the process that drives; never with keys of Honeycomb */
  constructor(
    place: TreePlace,
    environment: NodeJS.ProcessEnv,
    tell: (event: SolutionEvent) => void = () => {},
  ) {
    this.#place = place;
    this.#environment = environment;
    this.#tell = tell;
  }

  /** As far as the learner may see it now. Nothing is driven. */
  async look(exercise: Exercise): Promise<Solution> {
    const { record, passed } = await this.#verdict(exercise);
    const none = { passed, seed: record?.seed ?? null, step: null, problem: null, traces: [], code: [] };
    if (!record) return { state: 'ungraded', ...none };
    if (!passed && !this.#wanted.has(exercise.id)) return { state: 'hidden', ...none };
    const drive = this.#drives.get(exercise.id);
    if (drive && drive.seed === record.seed) {
      if (drive.problem !== null) return { ...none, state: 'failed', problem: drive.problem };
      if (drive.process) return { ...none, state: 'driving', step: drive.step };
    }
    const { nearest, tree } = await this.#solution(exercise);
    const traces = await this.#traces(exercise, record, tree, passed);
    if (!traces) return { state: 'unasked', ...none };
    return { ...none, state: 'ready', traces, code: passed ? await codeOf(nearest) : [] };
  }

  /** @returns false: it is not passed, and nobody confirmed that they want to see it */
  async ask(exercise: Exercise, confirmed: boolean): Promise<boolean> {
    const { record, passed } = await this.#verdict(exercise);
    if (!passed && !confirmed && !this.#wanted.has(exercise.id)) return false;
    this.#wanted.add(exercise.id);
    const running = this.#drives.get(exercise.id);
    if (!record || (running?.process && running.seed === record.seed)) return true;
    const { nearest, tree } = await this.#solution(exercise);
    if ((await keptEvidence(tree.hash, exercise.id))?.seed === record.seed) return true;
    running?.process?.kill();
    const drive: Drive = { seed: record.seed, step: 'starting', problem: null, process: null };
    drive.process = new SolutionProcess(
      { exercise: exercise.id, reached: nearest.reached, seed: record.seed },
      this.#environment,
      (text) => {
        drive.step = text;
        this.#tell({ exercise: numberOf(exercise.id), step: text });
      },
    );
    this.#drives.set(exercise.id, drive);
    void drive.process.ended.then((problem) => {
      drive.process = null;
      drive.problem = problem;
      if (this.#drives.get(exercise.id) === drive)
        this.#tell({ exercise: numberOf(exercise.id), step: null });
    });
    return true;
  }

  /** Ends what is driven, with everything that it started. */
  end(): void {
    for (const { process } of this.#drives.values()) process?.kill();
  }

  async #verdict(exercise: Exercise): Promise<{ record: VerdictRecord | null; passed: boolean }> {
    const [record, progress] = await Promise.all([
      readVerdict(exercise.id, this.#place.workshop),
      readProgress(join(this.#place.workshop, 'progress.json')),
    ]);
    return { record: record?.exercise.evidence ? record : null, passed: exercise.id in progress.done };
  }

  async #solution(exercise: Exercise): Promise<{ nearest: NearestSolution; tree: Tree }> {
    const nearest = await nearestSolution(exercise, await listTree(this.#place.root));
    return { nearest, tree: await treeOfSolution(exercise, nearest.reached) };
  }

  /** Null: it was not driven with this seed. */
  async #traces(
    exercise: Exercise,
    record: VerdictRecord,
    tree: Tree,
    passed: boolean,
  ): Promise<SolutionTrace[] | null> {
    const theirs = await keptEvidence(tree.hash, exercise.id);
    if (theirs?.seed !== record.seed) return null;
    const mine = await readEvidence(join(repositoryRoot, record.exercise.evidence as string)).catch(
      () => null,
    );
    const pairs = record.exercise.traces.flatMap(({ traceId }) => {
      const view = mine && counterpartOf(mine, traceId, theirs);
      return view ? [{ of: traceId, view }] : [];
    });
    const main = record.exercise.traces.length === 0 ? mainView(theirs) : null;
    const all: { of: string | null; view: (typeof pairs)[number]['view'] }[] = main
      ? [{ of: null, view: main }]
      : pairs;
    const traces = reportedTraces(
      theirs,
      all.map(({ view }) => view),
    );
    return all.flatMap(({ of, view }) => {
      const trace = traces.find(({ traceId }) => traceId === view.traceId);
      if (!trace) return [];
      const spans = passed ? trace.spans : trace.spans.map(structureOf);
      return [{ of, title: view.title, trace: compactTrace({ ...trace, spans }) }];
    });
  }
}

/** Which span, where, when and how often; nothing of what it carries. */
function structureOf(span: ReportedSpan): ReportedSpan {
  const service = span.resource['service.name'];
  return {
    ...span,
    status: { code: span.status.code },
    attributes: {},
    events: [],
    links: [],
    resource: service === undefined ? {} : { 'service.name': service },
    scope: { name: span.scope.name },
  };
}

async function codeOf({ pairs, changed }: NearestSolution): Promise<string[]> {
  const { codeLines } = await codeComparison();
  const files = pairs
    .filter(({ path }) => path !== 'answers.json')
    .map((pair) => ({ ...pair, changedBySolution: changed.has(pair.path) }));
  const screen = { width: CODE_COLUMNS, plain: true, colour: false };
  return codeLines(files, screen, { passed: true });
}
