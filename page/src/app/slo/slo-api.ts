import { httpResource } from '@angular/common/http';
import { Injectable } from '@angular/core';

export interface SloState {
  file: string;
  slo: { name: string; description?: string; time_period_days: number; target_per_million: number };
  status: 'normal' | 'triggered' | 'no_alerts' | 'no_events';
  good: number;
  total: number;
  allowed: number;
  compliance: number | null;
  /** percent of what may fail that is left; below 0 when more failed */
  budget_remaining: number | null;
  burn_rate: number | null;
  burn_rate_last_hour: number | null;
  alerts: { triggered: boolean; text: string }[];
}

export interface SloList {
  slos: SloState[];
  problems: { file: string; text: string }[];
}

@Injectable({ providedIn: 'root' })
export class SloApi {
  /** The SLOs of queries/slos/ and how they stand. */
  list() {
    return httpResource<SloList>(() => '/api/slos');
  }
}
