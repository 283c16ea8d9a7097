import type { Attributes } from '@workshop/telemetry/pure';
import type { EvidenceSpan, Json } from '../../evidence/index.ts';
import { diagnoseRefusedRow } from '../diagnosis/outbox/old-message.ts';
import { diagnoseExport } from '../diagnosis/sdk/export.ts';
import { diagnoseNoServerSpan } from '../diagnosis/sdk/silence.ts';
import { diagnoseLeaks, type Secret } from '../diagnosis/secrets/exported.ts';
import {
  diagnoseNoLongerTold,
  diagnoseSpanGone,
  diagnoseTooMuch,
  type Needed,
} from '../diagnosis/secrets/too-much.ts';
import { isOwnScope } from '../diagnosis/spans/own-scope.ts';
import { pageSpansOf, type SpanText } from '../joins/index.ts';
import { fail, failOn } from './check.ts';
import { evidence } from './evidence.ts';
import { fact } from './facts.ts';
import { expectDelivery, expectMessages, expectWorkerTraced } from './outbox.ts';
import { expectClientSpan, expectPageRequests } from './page.ts';
import { expectRequests } from './requests.ts';

/** A span that the grader had made in the learner's process, as a library of somebody else. */
export type PlantedSpan = {
  process: 'api' | 'worker' | 'page';
  name: string;
  /** null: no tracer provider was there to make it */
  traceId: string | null;
  spanId: string | null;
  secrets: Secret[];
  attributes: Record<string, Json>;
  event: { name: string; attributes: Record<string, Json> } | null;
  /** it is an error */
  failed?: boolean;
  /** what it is linked to */
  link?: { traceId: string; spanId: string } | null;
};

/** Fails unless the API's spans of these requests came to the collector, and hold none of these secrets. */
export function expectLinkHidden(label: string, secrets: readonly Secret[]): void {
  const [sent] = expectRequests(label);
  const ofApi = evidence().spans.filter(({ origin }) => origin.process === 'api');
  // Not by what stands on it: a redaction may have taken that.
  if (sent && !ofApi.some(({ kind }) => kind === 'SERVER')) fail(diagnoseNoServerSpan(evidence(), sent));
  if (exported('api').length === 0) failOn(diagnoseExport(evidence(), ofApi));
  failOn(diagnoseLeaks(exported('api'), secrets, ['attribute', 'event', 'other']));
}

/** Fails unless the page's spans came to the collector, and hold none of these secrets. */
export function expectLinkHiddenInPage(secrets: readonly Secret[]): void {
  for (const record of expectPageRequests()) expectClientSpan(record);
  const spans = exported('page');
  if (spans.length === 0) failOn(diagnoseExport(evidence(), pageSpansOf(evidence())));
  failOn(diagnoseLeaks(spans, secrets, ['attribute', 'event', 'other']));
}

/** Fails unless the worker's spans came to the collector, and hold none of these secrets. */
export function expectOutboxHidden(secrets: readonly Secret[]): void {
  failOn(diagnoseRefusedRow(fact<{ refused?: string }>('broken')));
  expectDelivery('published');
  expectWorkerTraced();
  failOn(diagnoseLeaks(exported('worker'), secrets, ['attribute', 'event', 'other']));
}

/** Fails when a secret of a planted span came to the collector in one of these parts. */
export function expectNothingPlanted(...parts: SpanText['part'][]): void {
  const planted = expectPlanted();
  const secrets = planted.flatMap((one) => one.secrets);
  failOn(diagnoseLeaks(PROCESSES.flatMap(exported), secrets, parts));
}

/** Fails unless all of a planted span arrived that holds no secret, and what the worker's own spans must say. */
export function expectNeededKept(): void {
  const needed = expectPlanted().map((planted): Needed => {
    const span = evidence().spans.find(({ spanId }) => spanId === planted.spanId);
    if (!span?.origin.received) return fail(diagnoseSpanGone(span, planted.name));
    const { name, secrets } = planted;
    return {
      span,
      ...(!secrets.some(({ text }) => name.includes(text)) && { name }),
      attributes: planted.attributes as Attributes,
      link: planted.link ?? null,
      failed: planted.failed ?? false,
      event: planted.event && { ...planted.event, attributes: planted.event.attributes as Attributes },
    };
  });
  failOn(diagnoseTooMuch(needed));
  const consumers = exported('worker').filter((span) => span.kind === 'CONSUMER' && isOwnScope(span));
  for (const { id } of expectMessages(expectDelivery('published')))
    failOn(diagnoseNoLongerTold(id, consumers));
}

const PROCESSES = ['api', 'worker', 'page'] as const;

/** What the collector got from one process. What a process recorded and never sent is nobody's secret. */
function exported(process: (typeof PROCESSES)[number]): EvidenceSpan[] {
  return evidence().spans.filter((span) => span.origin.received && processOfSpan(span) === process);
}

function processOfSpan({ origin, resource }: EvidenceSpan): (typeof PROCESSES)[number] {
  if (origin.process === 'page' || resource['telemetry.sdk.language'] === 'webjs') return 'page';
  return origin.process === 'worker' ? 'worker' : 'api';
}

function expectPlanted(): PlantedSpan[] {
  const planted = fact<PlantedSpan[]>('planted');
  const missing = planted.find(({ spanId }) => spanId === null);
  if (missing?.process === 'api') {
    const [first] = evidence().requests;
    if (first) fail(diagnoseNoServerSpan(evidence(), first));
  }
  if (missing?.process === 'worker') expectWorkerTraced();
  if (missing) for (const record of expectPageRequests()) expectClientSpan(record);
  return planted.filter(({ spanId }) => spanId !== null);
}
