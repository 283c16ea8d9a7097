export type { Outage } from './facts.ts';
export { readEvidence, writeEvidence } from './file.ts';
export type * from './format.ts';
export { evidenceText, parseWithNumbers } from './text.ts';
export type * from './tree-files.ts';
