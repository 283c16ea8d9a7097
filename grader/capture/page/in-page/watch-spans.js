// @ts-check
/** Follows a tracer to its spans, and tells of each as it starts and ends. */
import { replace, tell } from './channel.js';
import { copyBeginning, copySpan } from './copy-span.js';

/** The frames of interest are about 55 deep: Angular and rxjs stand above them. */
const STACK_FRAMES = 100;
/** Calls that change a span, and what the first argument of each says that it sets. @type {Record<string, (first: any) => string>} */
const CALLS = {
  setAttribute: String,
  addEvent: String,
  updateName: String,
  setStatus: (status) => ['UNSET', 'OK', 'ERROR'][status?.code] ?? '',
  addLink: (link) => String(link?.context?.spanId ?? ''),
};
const OwnError = Error;
const watched = new WeakSet();

function takeStack() {
  const limit = OwnError.stackTraceLimit;
  OwnError.stackTraceLimit = STACK_FRAMES;
  const { stack } = new OwnError();
  OwnError.stackTraceLimit = limit;
  return stack ?? '';
}

/** @param {any} span @param {string} stack @param {any[]} args of startSpan: its name, its options */
function watchSpan(span, stack, [name, options]) {
  if (!span || watched.has(span)) return;
  watched.add(span);
  if (!span.isRecording?.()) {
    const url = options?.attributes?.['url.full'] ?? options?.attributes?.['http.url'];
    const { spanId } = span.spanContext();
    tell({ t: 'not-sampled', span: { spanId, name: String(name), ...(url && { url: String(url) }) } });
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
  for (const [call, whatItSets] of Object.entries(CALLS)) {
    replace(span, call, (original) => (/** @type {any[]} */ ...args) => {
      // The span says so itself while end() still runs: processors get it then, in onEnd.
      if (ended || span.ended) {
        const found = { t: 'set-after-end', spanId: span.spanContext().spanId, key: whatItSets(args[0]) };
        tell(call === 'setAttribute' ? found : { ...found, call });
      }
      return original.apply(span, args);
    });
  }
}

/** @param {any} tracer @returns {any} the same tracer */
export function watchTracer(tracer) {
  if (!tracer || watched.has(tracer)) return tracer;
  watched.add(tracer);
  replace(tracer, 'startSpan', (startSpan) => (/** @type {any[]} */ ...args) => {
    const span = startSpan.apply(tracer, args);
    try {
      watchSpan(span, takeStack(), args);
    } catch (error) {
      tell({ t: 'warning', text: `a span could not be watched: ${error}` });
    }
    return span;
  });
  return tracer;
}
