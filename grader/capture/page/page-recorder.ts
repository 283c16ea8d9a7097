import type { Attributes } from '@workshop/telemetry';
import {
  type PageLoad,
  type PageTelemetryRecord,
  parseWithNumbers,
  type UnsampledSpan,
} from '../../evidence/index.ts';
import type { CapturedSpan, UnendedSpan } from '../types.ts';
import type { PageMessage, SpanBeginning } from './messages.ts';
import type { StackReader } from './source-maps.ts';

/** A page that keeps one in ten makes nine of these for each span. */
const MOST_UNSAMPLED = 500;

interface OpenSpan {
  document: string;
  beginning: SpanBeginning;
  stack: string;
}

/** Telemetry of a page that was never opened. */
export function emptyPageTelemetry(): PageTelemetryRecord {
  return {
    apiVersions: [],
    providers: [],
    exporters: [],
    spansStarted: 0,
    spansEnded: 0,
    notSampled: 0,
    unsampled: [],
    setAfterEnd: [],
    duplicateRegistrations: 0,
    diagMessages: [],
    warnings: [],
  };
}

/** Keeps what the capture in a page tells: the grader's end of it. */
export class PageRecorder {
  readonly telemetry: PageTelemetryRecord = emptyPageTelemetry();
  readonly #spans: CapturedSpan[] = [];
  readonly #open = new Map<string, OpenSpan>();
  readonly #resources = new Map<string, Attributes>();
  /** The newest document of each tab: spans of older ones can end no more. */
  readonly #documents = new Map<unknown, string>();
  readonly #loads = new Map<string, PageLoad>();
  #lastChange = performance.now();
  readonly #stacks: StackReader;

  constructor(stacks: StackReader) {
    this.#stacks = stacks;
  }

  /** Takes one message. `tab` tells pages apart that are open at the same time. Anything else than a message is left out. */
  receive(text: string, tab: unknown): void {
    try {
      this.#take(parseWithNumbers(text) as PageMessage, tab);
    } catch {
      // The page's own code found the binding.
    }
  }

  /** Spans that could still end: those of documents that have not been left. */
  openCount(): number {
    const current = new Set(this.#documents.values());
    let count = 0;
    for (const { document } of this.#open.values()) if (current.has(document)) count++;
    return count;
  }

  /** Milliseconds since a span started or ended. */
  quietForMs(): number {
    return performance.now() - this.#lastChange;
  }

  /** All that ended, in the order of their ends. */
  spans(): CapturedSpan[] {
    return this.#spans;
  }

  /** All that started and never ended, also where the page was left. */
  unended(): UnendedSpan[] {
    return [...this.#open.values()].map(({ beginning }) => ({
      name: beginning.name,
      traceId: beginning.traceId,
      spanId: beginning.spanId,
      parentSpanId: beginning.parentSpanId,
      kind: beginning.kind,
      startMs: beginning.startMs,
      attributes: beginning.attributes,
      scope: beginning.scope,
      origin: { process: 'page' },
    }));
  }

  #take(message: PageMessage, tab: unknown): void {
    const { telemetry } = this;
    switch (message.t) {
      case 'document':
        this.#documents.set(tab, message.document);
        this.#loads.set(message.document, {
          startedMs: message.startedMs,
          providerMs: null,
          angular: null,
        });
        telemetry.loads = [...this.#loads.values()];
        break;
      case 'api':
        addOnce(telemetry.apiVersions, message.version);
        break;
      case 'provider':
        telemetry.providers.push(message.provider);
        this.#noteProvider(message.document, message.atMs);
        for (const url of message.exporters) addOnce(telemetry.exporters, url);
        break;
      case 'angular':
        this.#noteAngular(message);
        break;
      case 'resource':
        this.#resources.set(`${message.document}/${message.number}`, message.attributes);
        break;
      case 'start':
        telemetry.spansStarted++;
        this.#lastChange = performance.now();
        this.#open.set(message.span.spanId, {
          document: message.document,
          beginning: message.span,
          stack: message.stack,
        });
        break;
      case 'end':
        this.#end(message);
        break;
      case 'not-sampled':
        telemetry.notSampled++;
        this.#noteUnsampled(message.span);
        break;
      case 'set-after-end':
        telemetry.setAfterEnd.push({
          spanId: message.spanId,
          key: message.key,
          ...(message.call && { call: message.call }),
        });
        break;
      case 'diag':
        if (/duplicate registration/i.test(message.text)) telemetry.duplicateRegistrations++;
        telemetry.diagMessages.push(message.text);
        break;
      case 'warning':
        telemetry.warnings.push(message.text);
        break;
      case 'replaced':
        telemetry.replacedApis = message.apis;
        telemetry.sentBy = message.sentBy;
        break;
    }
  }

  /** Only the first provider of a load is kept: what was sent before it has no span. */
  #noteProvider(document: string, atMs: number): void {
    const load = this.#loads.get(document);
    if (load) load.providerMs ??= atMs;
  }

  /** Messages come in their order, so what was there by then is known without a clock. */
  #noteAngular({ document, atMs, parsedMs, watched }: PageMessage & { t: 'angular' }): void {
    const load = this.#loads.get(document);
    if (load) load.angular = { atMs, parsedMs, watched, provider: load.providerMs !== null };
  }

  #noteUnsampled(span: UnsampledSpan | undefined): void {
    const { unsampled } = this.telemetry;
    if (span && unsampled && unsampled.length < MOST_UNSAMPLED) unsampled.push(span);
  }

  #end({ document, span: { resource, ...span } }: PageMessage & { t: 'end' }): void {
    this.telemetry.spansEnded++;
    this.#lastChange = performance.now();
    const stack = this.#open.get(span.spanId)?.stack ?? '';
    this.#open.delete(span.spanId);
    this.#spans.push({
      ...span,
      resource: this.#resources.get(`${document}/${resource}`) ?? {},
      origin: { process: 'page', seq: this.#spans.length + 1, ...this.#stacks.read(stack) },
    });
  }
}

function addOnce(list: string[], text: string): void {
  if (!list.includes(text)) list.push(text);
}
