import type { EvidenceSpan } from '../../evidence/index.ts';
import { diagnoseExport } from '../diagnosis/sdk/export.ts';
import { diagnoseServiceName } from '../diagnosis/sdk/resource.ts';
import { failOn } from './check.ts';
import { evidence } from './evidence.ts';

/** Fails unless the resource of the span names this service. */
export function expectServiceName(span: EvidenceSpan, service: string): void {
  failOn(diagnoseServiceName(evidence(), span, service));
}

/** Fails unless the collector got every one of these spans that the process captured. */
export function expectExported(spans: readonly EvidenceSpan[]): void {
  if (spans.length === 0) throw new Error('no spans were given: this check would pass without a reason');
  failOn(diagnoseExport(evidence(), spans));
}
