import { Injectable, signal } from '@angular/core';
import { readTraceRequest } from '@workshop/telemetry/otlp-json';
import type { Span } from '@workshop/telemetry/pure';

/** Larger files are no traces that a person looks at. */
const LARGEST_BYTES = 64 * 1024 * 1024;

/** Traces of a file that was opened in this tab. They are shown and not stored: the lab never sees them. */
@Injectable({ providedIn: 'root' })
export class OpenedFile {
  readonly #traces = signal<ReadonlyMap<string, readonly Span[]>>(new Map());
  readonly #name = signal('');
  readonly name = this.#name.asReadonly();

  traceIds(): string[] {
    return [...this.#traces().keys()];
  }

  spansOf(traceId: string): readonly Span[] | undefined {
    return this.#traces().get(traceId);
  }

  /**
   * Reads OTLP in JSON: an export request, or several of them in lines, as a Collector's file exporter writes them.
   * @returns ids of its traces, the largest first
   * @throws Error with a sentence for a person
   */
  async open(file: File): Promise<string[]> {
    if (file.size > LARGEST_BYTES) throw new Error('The file is larger than 64 MB.');
    const bytes = new Uint8Array(await file.arrayBuffer());
    const spans = readRequests(bytes);
    if (spans.length === 0) throw new Error('There are no spans in the file.');
    const traces = new Map<string, Span[]>();
    for (const span of spans) {
      const list = traces.get(span.traceId);
      if (list) list.push(span);
      else traces.set(span.traceId, [span]);
    }
    const sorted = [...traces].sort(([, a], [, b]) => b.length - a.length);
    this.#traces.set(new Map(sorted));
    this.#name.set(file.name);
    return sorted.map(([traceId]) => traceId);
  }
}

function readRequests(bytes: Uint8Array): Span[] {
  try {
    return readTraceRequest(bytes).spans;
  } catch (error) {
    const lines = new TextDecoder().decode(bytes).split('\n').filter(Boolean);
    if (lines.length < 2) throw error;
    return lines.flatMap((line) => readTraceRequest(new TextEncoder().encode(line)).spans);
  }
}
