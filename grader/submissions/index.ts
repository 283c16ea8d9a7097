export { readFrom } from './base.ts';
export { confusionOf, confusionText } from './confusion.ts';
export {
  editDirectory,
  HEADER_FILE,
  type Opened,
  openNew,
  openSubmission,
  REJECTED_FILE,
  refreshStart,
  saveEdited,
} from './edit.ts';
export { openedLines, rebaseLines, submissionLines } from './editing-text.ts';
export { expectationText } from './header.ts';
export { createPatch, PatchConflict } from './patch.ts';
export { type Rebased, rebaseAll } from './rebase.ts';
export { RecordedGrading, type RecordedGradingOptions, severalAtOnce } from './recorded-grading.ts';
export { type Outcome, type RunOptions, runSubmissions } from './run-submissions.ts';
export { sampleOf } from './sample.ts';
export { findSubmission, labelOf, listSubmissions, type Submission } from './store.ts';
export { tableLines } from './table.ts';
