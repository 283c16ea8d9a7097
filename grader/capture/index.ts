/** The capture: spans and telemetry state of the learner's processes, taken from inside them. */
export { startCaptureServer } from './server.ts';
export type {
  CaptureConnection,
  CapturedSpan,
  CaptureEvents,
  CaptureServer,
  CaptureState,
  CollectedSpans,
  SpanOrigin,
  UnendedSpan,
} from './types.ts';
