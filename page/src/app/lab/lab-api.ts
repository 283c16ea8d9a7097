import { httpResource } from '@angular/common/http';
import { Injectable } from '@angular/core';
import type { Span } from '@workshop/telemetry/pure';

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
}

export interface Health {
  status: string;
  trouble: string[];
  rows: number;
}

export interface CriticalSegment {
  spanId: string;
  startMs: number;
  endMs: number;
}

/** Every question that the page asks the lab. Answers have the shapes of lab/server's schemas. */
@Injectable({ providedIn: 'root' })
export class LabApi {
  health() {
    return httpResource<Health>(() => '/health');
  }

  /** @param request undefined: ask nothing yet */
  traces(request: () => Record<string, string | number> | undefined) {
    return httpResource<{ traces: TraceSummary[] }>(() => {
      const params = request();
      return params && { url: '/api/traces', params };
    });
  }

  trace(id: () => string | undefined) {
    return httpResource<{ traceId: string; spans: Span[] }>(() => {
      const traceId = id();
      return traceId === undefined ? undefined : `/api/traces/${encodeURIComponent(traceId)}`;
    });
  }

  /** @param id undefined: ask nothing yet */
  criticalPath(id: () => string | undefined) {
    return httpResource<{ segments: CriticalSegment[] }>(() => {
      const traceId = id();
      return traceId === undefined ? undefined : `/api/traces/${encodeURIComponent(traceId)}/critical-path`;
    });
  }
}
