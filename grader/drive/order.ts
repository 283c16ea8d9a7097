import type { AnswersFile, Evidence, QueryFile } from '../evidence/index.ts';
import type { Scenario } from './scenario.ts';

/** The tree as driving needs it: where it lies, what it is called and what it holds beside code. */
export interface DrivenTree {
  path: string;
  hash: string;
  label: string;
  answers: AnswersFile;
  queries: Record<string, QueryFile>;
}

/** What is to be driven, and who is told of it. */
export interface DriveOrder {
  tree: DrivenTree;
  exercises: { id: string; scenario: Scenario }[];
  seed: number;
  /** gets one evidence for each exercise, as they come; the next scenario waits until it is done */
  onEvidence: (evidence: Evidence) => Promise<void> | void;
  /** told what is being done, in a few words */
  onProgress?: (step: string) => void;
  /** called when the learner's API is starting: time for work of one's own, since the API needs a while */
  onLaunched?: () => void;
}

/** One exercise of an order, with what is done in it. */
export type Exercise = DriveOrder['exercises'][number];
