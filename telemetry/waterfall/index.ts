import type { Span } from '../model.ts';
import { renderBars } from './bars.ts';
import type { WaterfallOptions } from './options.ts';
import { traceRows } from './rows.ts';
import { renderWords } from './words.ts';

export type { Annotation, OpenSpan, WaterfallOptions } from './options.ts';
export { displayWidth, fit, formatDuration, harmless } from './text.ts';

/**
 * Traces as text for a terminal, in ASCII but for what names bring along. The same spans in the same order give
 * the same text. No line break at the end; without spans, the line `(no spans)`.
 */
export function renderWaterfall(spans: Iterable<Span>, options: WaterfallOptions = {}): string {
  const traces = traceRows(spans, options);
  if (traces.length === 0) return `${' '.repeat(options.indent ?? 2)}(no spans)`;
  return options.plain ? renderWords(traces, options) : renderBars(traces, options);
}
