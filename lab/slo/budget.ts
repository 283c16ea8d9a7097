import type { BurnAlert, BurnAlertState, Slo, SloStatus } from '../api/index.ts';

/** Events that an SLI is about, weighted by their sample rate. */
export interface SloCounts {
  good: number;
  total: number;
}

/** Of the whole period, and of the last minutes, by their number. */
export interface SloMeasure {
  period: SloCounts;
  last: ReadonlyMap<number, SloCounts>;
}

/** Honeycomb's window for the burn rate that its API tells. */
export const BURN_RATE_MINUTES = 240;
const HOUR = 60;
/** Honeycomb takes the last quarter of the exhaustion time to say how it goes on. */
const LOOKBACK_PART = 4;
const DAY = 1_440;

/** Which last minutes must be counted for an SLO. */
export function windowsOf({ burn_alerts: alerts = [] }: Slo): number[] {
  return [...new Set([HOUR, BURN_RATE_MINUTES, ...alerts.map(windowOf)])];
}

/**
 * How an SLO stands. Its budget is what may fail of all events in the period; what may fail is the rest of the target.
 * Source of the terms and of the two alerts: Honeycomb's documentation of SLOs and burn alerts.
 */
export function statusOf(slo: Slo, { period, last }: SloMeasure): SloStatus {
  const share = 1 - slo.target_per_million / 1_000_000;
  // What a double makes of 1 - 0.99 must not show.
  const allowed = rounded(period.total * share);
  const spent = period.total - period.good;
  const alerts = (slo.burn_alerts ?? []).map((alert): BurnAlertState => {
    const failed = failedIn(last.get(windowOf(alert)));
    return { alert, ...judged(alert, { allowed, spent, failed }) };
  });
  const isEmpty = period.total === 0;
  return {
    slo,
    status: isEmpty ? 'no_events' : statusWord(alerts),
    ...period,
    allowed,
    compliance: isEmpty ? null : rounded((100 * period.good) / period.total),
    budget_remaining: isEmpty ? null : rounded((100 * (allowed - spent)) / allowed),
    burn_rate: burnRate(last.get(BURN_RATE_MINUTES), share),
    burn_rate_last_hour: burnRate(last.get(HOUR), share),
    alerts,
  };
}

function statusWord(alerts: readonly BurnAlertState[]): SloStatus['status'] {
  if (alerts.length === 0) return 'no_alerts';
  return alerts.some(({ triggered }) => triggered) ? 'triggered' : 'normal';
}

function windowOf(alert: BurnAlert): number {
  return alert.alert_type === 'exhaustion_time'
    ? Math.max(1, Math.round((alert.exhaustion_minutes ?? 0) / LOOKBACK_PART))
    : (alert.budget_rate_window_minutes ?? 0);
}

function burnRate(counts: SloCounts | undefined, share: number): number | null {
  if (!counts || counts.total === 0) return null;
  return rounded(failedIn(counts) / counts.total / share);
}

function failedIn(counts: SloCounts | undefined): number {
  return counts ? counts.total - counts.good : 0;
}

/** @param events how many may fail, have failed in the period, and failed in the alert's own window */
function judged(
  alert: BurnAlert,
  { allowed, spent, failed }: { allowed: number; spent: number; failed: number },
): Pick<BurnAlertState, 'triggered' | 'text'> {
  const window = windowOf(alert);
  if (alert.alert_type === 'budget_rate') {
    const wanted = (alert.budget_rate_decrease_threshold_per_million ?? 0) / 1_000_000;
    const decrease = allowed > 0 ? failed / allowed : 0;
    return {
      triggered: decrease > 0 && rounded(decrease) >= wanted,
      text: `${percent(decrease)} of the budget went in the last ${time(window)}; the limit is ${percent(wanted)}.`,
    };
  }
  const limit = alert.exhaustion_minutes ?? 0;
  const left = allowed - spent;
  if (allowed > 0 && left <= 0) return { triggered: true, text: 'The budget is spent.' };
  const minutes = failed > 0 ? left / (failed / window) : Number.POSITIVE_INFINITY;
  if (minutes === Number.POSITIVE_INFINITY)
    return { triggered: false, text: `Nothing failed in the last ${time(window)}.` };
  return {
    triggered: minutes <= limit,
    text: `At the rate of the last ${time(window)} the budget is spent in ${time(minutes)}; the limit is ${time(limit)}.`,
  };
}

/** Minutes as people say them: 15 minutes, 4 hours, 3 days. */
function time(minutes: number): string {
  const [count, word] =
    minutes < 2 * HOUR
      ? [Math.round(minutes), 'minute']
      : minutes < 2 * DAY
        ? [Math.round((minutes / HOUR) * 10) / 10, 'hour']
        : [Math.round((minutes / DAY) * 10) / 10, 'day'];
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

function rounded(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}
