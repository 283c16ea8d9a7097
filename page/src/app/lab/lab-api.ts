import { HttpClient, HttpErrorResponse, httpResource } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { type CompactSpans, expandSpans, type Span } from '@workshop/telemetry/pure';
import { firstValueFrom } from 'rxjs';
import { shownLine } from '../text/shown';

/** The HTTP request that a trace begins with. */
export interface RequestSummary {
  method: string;
  path: string | null;
  route: string | null;
}

/** One line of the list of traces. Times are Unix milliseconds. */
export interface TraceSummary {
  traceId: string;
  name: string;
  service: string | null;
  startMs: number;
  durationMs: number;
  spanCount: number;
  errorCount: number;
  services: string[];
  hasRoot: boolean;
  request: RequestSummary | null;
  userId: string | null;
}

export interface TraceList {
  traces: TraceSummary[];
  /** cursor of the next page; null: these were the last */
  next: string | null;
  /** what a person should know about their arrival */
  trouble: string[];
}

/** What is asked of the list; a field that is not there asks for nothing. Durations are milliseconds. */
export interface TraceSearch {
  q?: string;
  service?: string;
  error?: 'true' | 'false';
  minDuration?: number;
  maxDuration?: number;
  sort?: 'newest' | 'slowest';
  limit?: number;
  cursor?: string;
}

export interface Health {
  status: string;
  trouble: string[];
  /** where the spans are: a file of the lab's own, or a database that others fill */
  source: { kind: 'file' | 'clickhouse'; address: string };
  /** whether exercises are here */
  learn: boolean;
  rows: number;
}

export interface CriticalSegment {
  spanId: string;
  startMs: number;
  endMs: number;
}

/** The spans of one trace that stand at one place. */
export interface PlaceSide {
  kind: string;
  service: string;
  /** name of the place above; empty for a root */
  below: string;
  count: number;
  totalMs: number;
  spanIds: string[];
}

export interface ComparedPlace {
  change: 'same' | 'changed' | 'moved' | 'only-a' | 'only-b';
  a: PlaceSide | null;
  b: PlaceSide | null;
}

export interface TraceComparison {
  a: { traceId: string; durationMs: number };
  b: { traceId: string; durationMs: number };
  places: ComparedPlace[];
  /** what differs beside times, in sentences */
  differences: string[];
}

/** The lab takes nothing from a page that cannot set it: any page of another origin. */
const WRITING = { 'x-murmur-lab': '1', 'content-type': 'application/json' };

/** Every question that the page asks the lab about traces. Answers have the shapes of the lab's schemas. */
@Injectable({ providedIn: 'root' })
export class LabApi {
  readonly #http = inject(HttpClient);

  health() {
    return httpResource<Health>(() => '/health');
  }

  traces(search: () => TraceSearch) {
    return httpResource<TraceList>(() => ({ url: '/api/traces', params: { ...search() } }));
  }

  /** The same question once, for the next page. */
  olderTraces(search: TraceSearch): Promise<TraceList> {
    return firstValueFrom(this.#http.get<TraceList>('/api/traces', { params: { ...search } }));
  }

  /** @param id undefined: ask nothing yet */
  trace(id: () => string | undefined) {
    return httpResource<{ traceId: string; spans: Span[] }>(
      () => {
        const traceId = id();
        return traceId === undefined ? undefined : `/api/traces/${encodeURIComponent(traceId)}`;
      },
      {
        parse: (answer) => {
          const { traceId, ...compact } = answer as { traceId: string } & CompactSpans;
          return { traceId, spans: expandSpans(compact) };
        },
      },
    );
  }

  /** @param ids undefined: ask nothing yet */
  comparison(ids: () => { a: string; b: string } | undefined) {
    return httpResource<TraceComparison>(() => {
      const two = ids();
      if (two === undefined) return undefined;
      return `/api/traces/${encodeURIComponent(two.a)}/compare/${encodeURIComponent(two.b)}`;
    });
  }

  /** Stores spans of a file, as if they had been sent. @param json an OTLP trace request */
  async store(json: string): Promise<void> {
    await firstValueFrom(this.#http.post('/api/traces/import', json, { headers: WRITING }));
  }

  /** @param id undefined: ask nothing yet */
  criticalPath(id: () => string | undefined) {
    return httpResource<{ segments: CriticalSegment[] }>(() => {
      const traceId = id();
      return traceId === undefined ? undefined : `/api/traces/${encodeURIComponent(traceId)}/critical-path`;
    });
  }
}

const LONGEST_SENTENCE = 2_000;

/** What became of a question that failed. */
export interface LabProblem {
  /** nobody answered: the lab does not run, or cannot be reached */
  stopped: boolean;
  status: number;
  /** a sentence of the lab, if it gave one */
  text: string;
}

/** @param error of a resource or a promise of LabApi */
export function labProblem(error: unknown): LabProblem {
  // A resource wraps what is no Error.
  const cause = error instanceof Error && error.cause ? error.cause : error;
  if (!(cause instanceof HttpErrorResponse)) return { stopped: false, status: 0, text: String(error) };
  const { status } = cause;
  const body = cause.error as {
    detail?: string;
    type_detail?: { field: string; description: string }[];
  } | null;
  const detail = body?.detail ?? '';
  const fields = (body?.type_detail ?? [])
    .map(({ field, description }) => `${field}: ${description}`)
    .filter((line) => !detail.includes(line));
  return {
    stopped: status === 0 || status === 502,
    status,
    // It may repeat what somebody wrote into a query or an address.
    text: shownLine([detail, ...fields].filter(Boolean).join(' '), LONGEST_SENTENCE),
  };
}
