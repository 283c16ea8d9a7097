import { WorkshopError } from '@workshop/base';
import { repository, workshopDirectory } from './tree.ts';

/** Where a working tree lies, and where the workshop keeps its own records of it. Both on one file system. */
export interface TreePlace {
  /** the folder that holds app-backend, answers.json and so on */
  root: string;
  /** holds snapshots, the journal and the progress */
  workshop: string;
}

/** The learner's own working tree. */
export const ownPlace: TreePlace = { root: repository, workshop: workshopDirectory };

/** The working tree could not be changed, or a snapshot could not be taken. The message says what is where now. */
export class WorkingTreeError extends WorkshopError {}
