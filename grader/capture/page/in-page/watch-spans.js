// @ts-check
/** Follows a tracer to its spans, and tells of each as it starts and ends. */
import { replace, tell } from './channel.js';
import { copyBeginning, copySpan } from './copy-span.js';

/** The frames of interest are about 55 deep: Angular and rxjs stand above them. */
const STACK_FRAMES = 100;
const OwnError = Error;
const watched = new WeakSet();

function takeStack() {
  const limit = OwnError.stackTraceLimit;
  OwnError.stackTraceLimit = STACK_FRAMES;
  const { stack } = new OwnError();
  OwnError.stackTraceLimit = limit;
  return stack ?? '';
}

/** @param {any} span @param {string} stack */
function watchSpan(span, stack) {
  if (!span || watched.has(span)) return;
  watched.add(span);
  if (!span.isRecording?.()) {
    tell({ t: 'not-sampled' });
    return;
  }
  let ended = false;
  tell({ t: 'start', span: copyBeginning(span), stack });
  replace(span, 'end', (end) => (/** @type {any[]} */ ...args) => {
    const wasRecording = span.isRecording();
    const result = end.apply(span, args);
    if (wasRecording && !ended) {
      ended = true;
      try {
        tell({ t: 'end', span: copySpan(span) });
      } catch (error) {
        tell({ t: 'warning', text: `a span could not be copied: ${error}` });
      }
    }
    return result;
  });
  replace(span, 'setAttribute', (setAttribute) => (/** @type {any[]} */ ...args) => {
    if (ended) tell({ t: 'set-after-end', spanId: span.spanContext().spanId, key: String(args[0]) });
    return setAttribute.apply(span, args);
  });
}

/** @param {any} tracer @returns {any} the same tracer */
export function watchTracer(tracer) {
  if (!tracer || watched.has(tracer)) return tracer;
  watched.add(tracer);
  replace(tracer, 'startSpan', (startSpan) => (/** @type {any[]} */ ...args) => {
    const span = startSpan.apply(tracer, args);
    try {
      watchSpan(span, takeStack());
    } catch (error) {
      tell({ t: 'warning', text: `a span could not be watched: ${error}` });
    }
    return span;
  });
  return tracer;
}
