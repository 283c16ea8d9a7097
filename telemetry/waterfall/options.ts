import type { Interval } from '../intervals.ts';
import type { Attributes, InstrumentationScope, Span, SpanKind } from '../model.ts';

/** A span that was started and had not ended when the spans were collected. */
export interface OpenSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  kind: SpanKind;
  startMs: number;
  attributes?: Attributes;
  resource?: Attributes;
  scope?: InstrumentationScope;
}

/** A remark in the waterfall, printed as `>>> text`. */
export interface Annotation {
  text: string;
  /** The span that it is about; without one it is about the trace. */
  spanId?: string;
  /** Needed where several traces are rendered and there is no span id, or it is in several traces. */
  traceId?: string;
  /**
   * `before` or `after` (the default) the span's row; `after-children`: behind all that is below it;
   * `child`: there too, and as far to the right as a child would be. For a trace: `before` or `after` all rows.
   */
  place?: 'before' | 'after' | 'after-children' | 'child';
  /** Drawn as a bar beside the text. */
  interval?: Interval;
}

export interface WaterfallOptions {
  /** Columns of the terminal. Default 80, at least 60. */
  width?: number;
  /** Spaces before each line. Default 2. */
  indent?: number;
  /** The line above the rows, with the trace's id and duration. Default true. */
  header?: boolean;
  /** What the trace is, in words. Default: the name of its root. */
  title?: string | ((traceId: string, spans: Span[]) => string);
  annotations?: readonly Annotation[];
  unended?: readonly OpenSpan[];
  /** Numbered lines in words instead of columns and bars, for screen readers and logs. Default false. */
  plain?: boolean;
  /** Rows of spans for each trace. Default 40. Annotated spans are always shown. */
  maxRows?: number;
  /** How many like siblings without children become one row. Default 2; those with children need one more. */
  collapseFrom?: number;
  /** The shortest stretch, in ms, worth a row `(no span covers this)`. Default: 10 ms and a tenth of the trace. */
  gapMs?: number;
  /** Whether several traces share one time scale. Default: if they overlap in time. */
  sharedScale?: boolean;
}

/** Spans as they are shown: the same for bars and for words. */
export type Row =
  | {
      type: 'span';
      depth: number;
      name: string;
      count: number;
      service: string;
      kind: SpanKind;
      /** The sum of all spans in the row; null if the span never ended. */
      durationMs: number | null;
      intervals: Interval[];
      error: boolean;
    }
  | { type: 'gap'; depth: number; interval: Interval }
  | { type: 'note'; depth: number; text: string; interval?: Interval }
  | { type: 'remark'; depth: number; text: string }
  | { type: 'more'; depth: number; count: number };

export interface TraceRows {
  traceId: string;
  title: string;
  startMs: number;
  endMs: number;
  /** The time that the bars' width stands for. */
  scale: Interval;
  rows: Row[];
}
