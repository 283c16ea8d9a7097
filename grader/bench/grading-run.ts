import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EXIT_CODES, repositoryRoot, WorkshopError } from '@workshop/base';
import { type Evidence, readEvidence } from '../evidence/index.ts';
import type { JsonReport } from '../report/index.ts';
import { npmCommand } from './npm.ts';

/** Where the time of one `npm run grade` goes, in milliseconds. They add up to `total`. */
export interface GradingPhases {
  /** npm, loading the grader, copying the tree, until the API's process starts */
  launch: number;
  /** from there until the API serves */
  boot: number;
  requests: number;
  /** waiting until all spans have ended, taking them, writing the evidence */
  collect: number;
  judge: number;
  /** stopping the system and the database, printing, leaving */
  stop: number;
  total: number;
}

export interface GradingRun {
  phases: GradingPhases;
  evidences: Evidence[];
}

/** What was measured did not work, so its time means nothing. */
export function nothingMeasured(message: string): WorkshopError {
  return new WorkshopError(message, { exitCode: EXIT_CODES.failed });
}

/** One `npm run grade -- --solution N` as a learner would type it, in processes of its own. */
export async function runGrading(solution: number, seed: number): Promise<GradingRun> {
  const folder = await mkdtemp(path.join(tmpdir(), 'murmur-bench-'));
  try {
    const report = path.join(folder, 'report.json');
    const words = ['--solution', String(solution), '--seed', String(seed), '--plain', '--json', report];
    const startedAtMs = Date.now();
    const { code, output } = await run(npmCommand(['run', '--silent', 'grade', '--', ...words]));
    const endedAtMs = Date.now();
    if (code !== 0) throw nothingMeasured(`grade -- --solution ${solution} ended with ${code}:\n${output}`);
    const { exercises } = JSON.parse(await readFile(report, 'utf8')) as JsonReport;
    const evidences = await Promise.all(
      exercises.map(({ evidence }) => readEvidence(path.join(repositoryRoot, evidence ?? ''))),
    );
    if (evidences.some((evidence) => evidence.seed !== seed)) {
      throw nothingMeasured('Another grading of the same tree wrote its evidence meanwhile.');
    }
    const judge = exercises.reduce((sum, { ms }, index) => sum + ms - evidences[index]!.driveMs, 0);
    return { phases: phasesOf(evidences, judge, startedAtMs, endedAtMs), evidences };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Splits a grading by what its evidence says about times. */
export function phasesOf(
  evidences: readonly Pick<Evidence, 'processes' | 'requests' | 'driveMs' | 'startedAt'>[],
  judge: number,
  startedAtMs: number,
  endedAtMs: number,
): GradingPhases {
  const api = evidences[0]?.processes.find((process) => process.name === 'api');
  if (!api || api.readyAfterMs === null) throw nothingMeasured('The API never became ready.');
  const requests = sum(evidences.map((evidence) => requestsMs(evidence.requests)));
  const driven = sum(evidences.map((evidence) => evidence.driveMs));
  const launch = api.startedAtMs - startedAtMs;
  const boot = Date.parse(evidences[0]!.startedAt) - api.startedAtMs;
  const collect = driven - requests;
  const total = endedAtMs - startedAtMs;
  return {
    launch,
    boot,
    requests,
    collect,
    judge,
    stop: total - launch - boot - driven - judge,
    total,
  };
}

/** From the first request's start to the last one's end. */
function requestsMs(requests: Evidence['requests']): number {
  if (requests.length === 0) return 0;
  const start = Math.min(...requests.map((request) => request.startMs));
  return Math.max(...requests.map((request) => request.startMs + request.durationMs)) - start;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function run(command: { program: string; args: string[] }): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command.program, command.args, {
      cwd: repositoryRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk).slice(-4_096);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
