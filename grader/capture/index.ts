/** The capture: spans and telemetry state of the learner's processes, taken from inside them. */
export {
  emptyPageTelemetry,
  PAGE_CAPTURE_BINDING,
  PageRecorder,
  pageCaptureScript,
  type StackReader,
  stackReader,
} from './page/index.ts';
export { startCaptureServer } from './server.ts';
export type {
  CaptureConnection,
  CapturedSpan,
  CaptureEvents,
  CaptureServer,
  CaptureState,
  CollectedSpans,
  MadeSpan,
  ServedRequest,
  SpanOrigin,
  StrangerSpan,
  UnendedSpan,
} from './types.ts';
