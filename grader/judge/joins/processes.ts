import type { CallAfterEnd, CaptureState, Evidence, ProcessRecord } from '../../evidence/index.ts';

/** The record of one of the learner's processes, undefined when the scenario started none of that name. */
export function processOf(evidence: Evidence, name: string | undefined): ProcessRecord | undefined {
  return evidence.processes.find((process) => process.name === name);
}

/** What the capture inside that process reported; null when it never said hello, or there is no such process. */
export function captureOf(evidence: Evidence, name: string | undefined): CaptureState | null {
  return processOf(evidence, name)?.capture ?? null;
}

/** Calls on spans that had ended, of all processes and of the page. OpenTelemetry ignores them. */
export function callsAfterEnd(evidence: Evidence): CallAfterEnd[] {
  return [
    ...evidence.processes.flatMap((process) => process.capture?.setAfterEnd ?? []),
    ...(evidence.page?.telemetry.setAfterEnd ?? []),
  ];
}
