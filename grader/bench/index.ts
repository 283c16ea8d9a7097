export { type BenchOptions, type BenchResult, benchLines, runBench } from './bench.ts';
export { BenchError } from './grading-run.ts';
