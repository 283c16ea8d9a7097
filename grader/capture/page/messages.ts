import type { Attributes, Span } from '@workshop/telemetry';
import type { CallAfterEnd, UnsampledSpan } from '../../evidence/index.ts';

/** A span as the page tells it when it starts. */
export type SpanBeginning = Omit<Span, 'durationMs' | 'status' | 'events' | 'links' | 'resource'>;
/** A span as the page tells it when it has ended; its resource was told before, by number. */
export type SpanEnding = Omit<Span, 'resource'> & { resource: number };

/** What the script in the page sends, one JSON text each. `document` tells the page loads of one tab apart. */
export type PageMessage = { document: string } & (
  | { t: 'document'; url: string; startedMs: number }
  | { t: 'api'; version: string }
  | { t: 'provider'; atMs: number; provider: string; exporters: string[] }
  | { t: 'angular'; atMs: number; parsedMs: number | null; watched: string[] }
  | { t: 'resource'; number: number; attributes: Attributes }
  | { t: 'start'; span: SpanBeginning; stack: string }
  | { t: 'end'; span: SpanEnding }
  | { t: 'not-sampled'; span?: UnsampledSpan }
  | ({ t: 'set-after-end' } & CallAfterEnd)
  | { t: 'diag'; text: string }
  | { t: 'warning'; text: string }
  | { t: 'replaced'; apis: string[]; sentBy: Record<string, string[]> }
);
