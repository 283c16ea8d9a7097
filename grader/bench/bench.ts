import path from 'node:path';
import { freshSeed, repositoryRoot } from '@workshop/base';
import { plainTable } from '@workshop/base/tables';
import { solutionTree } from '../tree/index.ts';
import { ensureTemplate, startDatabaseServer } from '../world/index.ts';
import { type FloorPhases, runFloor } from './floor-run.ts';
import { type GradingPhases, runGrading } from './grading-run.ts';
import { type Spread, spreadOf, spreadsOf } from './statistics.ts';

export interface BenchOptions {
  /** `--solution` of the grading */
  solution: number;
  /** how often grading and floor are measured, one right after the other */
  pairs: number;
  onProgress?: (text: string) => void;
}

export interface Pair {
  seed: number;
  grading: GradingPhases;
  floor: FloorPhases;
  /** grading by floor of this very pair: whatever else the machine did, it did to both */
  ratio: number;
}

export interface BenchResult {
  solution: number;
  pairs: Pair[];
  ratio: Spread;
  grading: Record<keyof GradingPhases, Spread>;
  floor: Record<keyof FloorPhases, Spread>;
}

/**
 * Measures `npm run grade -- --solution N` against its floor, in pairs, so that other work on the machine falls on both.
 * The first pair warms caches (the page cache, the tree's copy, Jest's) and is not counted.
 */
export async function runBench({ solution, pairs, onProgress }: BenchOptions): Promise<BenchResult> {
  const tree = await solutionTree(solution);
  const server = await startDatabaseServer();
  const measured: Pair[] = [];
  try {
    const pristine = path.join(repositoryRoot, 'solutions', '00-start', 'app-backend');
    const template = await ensureTemplate(server, pristine);
    for (let n = 0; n <= pairs; n++) {
      const seed = freshSeed();
      const grading = await runGrading(solution, seed);
      const requests = grading.evidences.flatMap((evidence) => evidence.requests);
      const floor = await runFloor({ treeDir: tree.path, server, template, requests });
      const pair = { seed, grading: grading.phases, floor, ratio: grading.phases.total / floor.total };
      if (n > 0) measured.push(pair);
      onProgress?.(`${n === 0 ? 'warm-up' : `pair ${n} of ${pairs}`}: ratio ${pair.ratio.toFixed(2)}`);
    }
  } finally {
    await server.stop();
  }
  return { solution, pairs: measured, ...summarize(measured) };
}

/** Ratios are taken within each pair, then their spread; never the ratio of two medians. */
export function summarize(pairs: readonly Pair[]): Pick<BenchResult, 'ratio' | 'grading' | 'floor'> {
  return {
    ratio: spreadOf(pairs.map((pair) => pair.ratio)),
    grading: spreadsOf(pairs.map((pair) => pair.grading)),
    floor: spreadsOf(pairs.map((pair) => pair.floor)),
  };
}

const explained: Record<keyof GradingPhases, string> = {
  launch: 'npm, loading the grader, copying the tree',
  boot: 'until the API serves',
  requests: 'the scenario',
  collect: 'waiting for spans to end, taking them',
  judge: 'Jest and the checks',
  stop: 'ending everything, printing, leaving',
  total: '',
};

/** The result as text. */
export function benchLines(result: BenchResult): string[] {
  const { ratio, grading, floor, pairs, solution } = result;
  const row = (name: string, { min, median, max }: Spread, note: string) => [
    name,
    ...[min, median, max].map((ms) => ms.toFixed(0)),
    note,
  ];
  return [
    `npm run grade -- --solution ${solution} against its floor, ${pairs.length} pairs`,
    '',
    `  ratio   min ${ratio.min.toFixed(2)}   median ${ratio.median.toFixed(2)}   max ${ratio.max.toFixed(2)}`,
    '',
    plainTable(
      ['grading, ms', 'min', 'median', 'max', ''],
      [
        ...(Object.keys(explained) as (keyof GradingPhases)[]).map((name) =>
          row(name, grading[name], explained[name]),
        ),
        [],
        ['floor, ms'],
        row('boot', floor.boot, 'npm and the app alone, until it serves'),
        row('requests', floor.requests, 'the same requests'),
        row('total', floor.total, ''),
      ],
      { right: ['min', 'median', 'max'], indent: 2 },
    ),
  ];
}
