export { labelled, paint, type Screen, screenOf } from '@workshop/base/terminal';
export {
  type ComparedFile,
  codeLines,
  compareTraces,
  type TraceComparison,
  traceLines,
} from './comparison.ts';
export { failureLines, failureText } from './failure.ts';
export { type JsonReport, jsonReport } from './json.ts';
export { markdownLines } from './markdown.ts';
export { isUntouched, untouchedLines } from './start.ts';
export { exerciseLines } from './verdicts.ts';
