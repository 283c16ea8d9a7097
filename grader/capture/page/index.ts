/** The capture in the learner's page: the script that runs in it, and what keeps what the script tells. */
export { emptyPageTelemetry, PageRecorder, pageCaptureBinding, pageCaptureScript } from './page-recorder.ts';
export { type ReadStack, type StackReader, stackReader } from './source-maps.ts';
