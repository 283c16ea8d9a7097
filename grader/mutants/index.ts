export { type Mutant, mutantsOf, type Skipped } from './generate.ts';
export { countsOf, isOpen, mutantLines, mutantsJson, scoreOf } from './report.ts';
export { type MutantRun, type MutantRunOptions, runMutants } from './run-mutants.ts';
export type { Fate, MutantOutcome } from './verdict.ts';
