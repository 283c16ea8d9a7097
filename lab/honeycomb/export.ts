import { setTimeout as delay } from 'node:timers/promises';
import { type Attributes, encodeTraceRequest, type Span } from '@workshop/telemetry';
import { type HoneycombConfig, needIngestKey } from './config.ts';
import { sendTraces, type TraceTarget } from './forward/send-traces.ts';
import { backoffMs } from './retry-after.ts';

/** What marks the graded spans, so that they can be told apart from the learner's own traffic. */
export interface GradedMarks {
  /** The run's seed. */
  seed: number;
  /** The folder's name, `03-custom-span`; absent for spans of a run as a whole. */
  exercise?: string;
}

export interface ExportOptions {
  config: HoneycombConfig;
  fetch?: typeof fetch;
  /** Tries for each request, 4 by default. */
  tries?: number;
  sleep?: (ms: number) => Promise<unknown>;
}

export interface ExportResult {
  /** Spans that Honeycomb has taken. */
  sent: number;
  /** What to tell the learner if not all are there; null if all are. */
  warning: string | null;
}

const REQUEST_SPANS = 1000;
/** A grading does not wait longer than this for a busy Honeycomb. */
const LONGEST_WAIT_MS = 10_000;

/** Throws WorkshopError without a key: `grade --export` asks before it grades, and exits with 2. */
export function assertCanExport(config: HoneycombConfig): void {
  needIngestKey(config);
}

/**
 * Sends the spans of a grading to Honeycomb, after the verdict. Each gets `murmur.graded = true`,
 * `murmur.graded.seed` and `murmur.graded.exercise`; the learner's name goes into
 * `deployment.environment.name`, if it is set. Never throws for trouble with Honeycomb: a failed export is a
 * warning and leaves the exit code alone.
 */
export async function exportGradedSpans(
  spans: readonly Span[],
  marks: GradedMarks,
  options: ExportOptions,
): Promise<ExportResult> {
  const { config } = options;
  const target = { endpoint: config.endpoint, key: needIngestKey(config), fetch: options.fetch };
  return sendMarkedSpans(spans, marks, { ...options, target, learner: config.learner, place: 'Honeycomb' });
}

export interface MarkedSpansOptions extends Pick<ExportOptions, 'tries' | 'sleep'> {
  target: Omit<TraceTarget, 'timeoutMs'>;
  learner: string | undefined;
  /** what people call where the spans go */
  place: string;
}

/** The same, to any collector. */
export async function sendMarkedSpans(
  spans: readonly Span[],
  marks: GradedMarks,
  { target, learner, place, tries = 4, sleep = delay }: MarkedSpansOptions,
): Promise<ExportResult> {
  const patientTarget = { ...target, timeoutMs: 10_000 };
  let sent = 0;
  for (let from = 0; from < spans.length; from += REQUEST_SPANS) {
    const part = spans.slice(from, from + REQUEST_SPANS).map((span) => mark(span, marks, learner));
    const body = encodeTraceRequest(part, 'protobuf');
    for (let attempt = 0; ; attempt++) {
      const outcome = await sendTraces(patientTarget, body);
      if (outcome.kind === 'sent') break;
      const asked = outcome.kind === 'later' ? outcome.askedMs : null;
      const patient = outcome.kind === 'later' && attempt + 1 < tries && (asked ?? 0) <= LONGEST_WAIT_MS;
      if (!patient) return { sent, warning: warn(spans.length - sent, place, outcome.reason) };
      await sleep(asked || backoffMs(attempt, 500, 4000));
    }
    sent += part.length;
  }
  return { sent, warning: null };
}

function mark(span: Span, marks: GradedMarks, learner: string | undefined): Span {
  const attributes: Attributes = {
    ...span.attributes,
    'murmur.graded': true,
    'murmur.graded.seed': marks.seed,
  };
  if (marks.exercise) attributes['murmur.graded.exercise'] = marks.exercise;
  const resource = learner ? { ...span.resource, 'deployment.environment.name': learner } : span.resource;
  return { ...span, attributes, resource };
}

function warn(spans: number, place: string, reason: string): string {
  return `${spans} graded spans did not reach ${place} (${reason}). Your result is not changed by that.`;
}
