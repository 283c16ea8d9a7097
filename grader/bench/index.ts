export { type BenchOptions, type BenchResult, benchLines, runBench } from './bench.ts';
