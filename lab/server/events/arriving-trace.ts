import { endMs, type Span, serviceOf } from '@workshop/telemetry';
import type { RequestSummary, TraceSummary } from '../../api/index.ts';

/** A sender's texts may be as long as it likes; an event may not. */
const MOST_CHARACTERS = 100;
const MOST_SERVICES = 10;

/** Of the values given so far that of the root, else of the earliest span. */
class FirstOf<T> {
  value: T | null = null;
  #isOfRoot = false;
  #startMs = Number.POSITIVE_INFINITY;

  give({ parentSpanId, startMs }: Span, value: T | null): void {
    const isOfRoot = parentSpanId === undefined;
    if (value === null || (isOfRoot === this.#isOfRoot ? startMs >= this.#startMs : this.#isOfRoot)) return;
    this.value = value;
    this.#isOfRoot = isOfRoot;
    this.#startMs = startMs;
  }
}

/** What is known of a trace as its spans come in: the summary that the store gives of all of them. */
export class ArrivingTrace {
  readonly #traceId: string;
  readonly #services = new Set<string>();
  readonly #name = new FirstOf<string>();
  readonly #service = new FirstOf<string>();
  readonly #userId = new FirstOf<string>();
  readonly #method = new FirstOf<string>();
  readonly #path = new FirstOf<string>();
  readonly #route = new FirstOf<string>();
  #startMs = Number.POSITIVE_INFINITY;
  #endMs = Number.NEGATIVE_INFINITY;
  #spans = 0;
  #errors = 0;
  #hasRoot = false;

  constructor(traceId: string) {
    this.#traceId = traceId;
  }

  add(span: Span): void {
    const service = short(serviceOf(span));
    if (service !== null && this.#services.size < MOST_SERVICES) this.#services.add(service);
    this.#name.give(span, short(span.name) ?? '');
    this.#service.give(span, service);
    this.#userId.give(span, short(span.attributes['user.id']));
    const method = short(span.attributes['http.request.method']);
    if (method !== null) {
      this.#method.give(span, method);
      this.#route.give(span, short(span.attributes['http.route']));
      const ofUrl = /^[a-z]+:\/\/[^/?#]*([^?#]*)/.exec(String(span.attributes['url.full'] ?? ''))?.[1];
      this.#path.give(span, short(span.attributes['url.path']) ?? short(ofUrl));
    }
    this.#startMs = Math.min(this.#startMs, span.startMs);
    this.#endMs = Math.max(this.#endMs, endMs(span));
    this.#spans++;
    if (span.status.code === 'ERROR') this.#errors++;
    this.#hasRoot ||= span.parentSpanId === undefined;
  }

  summary(): TraceSummary {
    const method = this.#method.value;
    const request: RequestSummary | null =
      method === null ? null : { method, path: this.#path.value, route: this.#route.value };
    return {
      traceId: this.#traceId,
      name: this.#name.value ?? '',
      service: this.#service.value,
      startMs: this.#startMs,
      durationMs: this.#endMs - this.#startMs,
      spanCount: this.#spans,
      errorCount: this.#errors,
      services: [...this.#services].sort(),
      hasRoot: this.#hasRoot,
      request,
      userId: this.#userId.value,
    };
  }
}

function short(value: unknown): string | null {
  return value === undefined || value === null || value === ''
    ? null
    : String(value).slice(0, MOST_CHARACTERS);
}
