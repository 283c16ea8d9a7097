/** The capture in the learner's page: the script that runs in it, and what keeps what the script tells. */
export { emptyPageTelemetry, PageRecorder } from './page-recorder.ts';
export { PAGE_CAPTURE_BINDING, pageCaptureScript } from './script.ts';
export { type ReadStack, type StackReader, stackReader } from './source-maps.ts';
