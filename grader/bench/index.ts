export { type BenchOptions, type BenchResult, benchLines, runBench } from './bench.ts';
export { type FloorPhases, runFloor } from './floor-run.ts';
export { type Spread, spreadOf } from './statistics.ts';
