import type { AnswersFile, QueryFile } from '../evidence/index.ts';
import type { Scenario } from './scenario.ts';

/** The tree as driving needs it: where it lies, what it is called and what it holds beside code. */
export interface DrivenTree {
  path: string;
  hash: string;
  label: string;
  answers: AnswersFile;
  queries: Record<string, QueryFile>;
}

export interface DriveOrder {
  tree: DrivenTree;
  exercises: { id: string; scenario: Scenario }[];
  seed: number;
  /** told what is being done, in a few words */
  onProgress?: (step: string) => void;
  /** called when the learner's API is starting: time for work of one's own, since the API needs a while */
  onLaunched?: () => void;
}
