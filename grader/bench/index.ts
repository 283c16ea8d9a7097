export { type BenchOptions, type BenchResult, benchLines, runBench } from './bench.ts';
export { type FloorPhases, runFloor } from './floor-run.ts';
