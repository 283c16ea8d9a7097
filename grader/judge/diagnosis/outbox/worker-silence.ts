import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { isOfWorker, processOf } from '../../joins/index.ts';
import { attributeText, counted, neverEnded } from '../../sentences.ts';
import { diagnoseDrive } from '../program/requests.ts';
import { diagnoseExport } from '../sdk/export.ts';
import { diagnoseServiceName } from '../sdk/resource.ts';

/** The worker's own service name, and the exercise whose README tells of it. */
const SERVICE = 'murmur-worker';
const EXERCISE = '11-across-the-outbox';

/** Why no span of the worker reached the collector; null when one did. The first cause that is proven is reported. */
export function diagnoseWorkerSilence(evidence: Evidence, spans: readonly EvidenceSpan[]): Finding | null {
  if (spans.some(({ origin }) => origin.received)) return null;
  const broken = diagnoseDrive(evidence);
  if (broken) return broken;
  const lost = spans.filter(({ origin }) => origin.captured);
  if (lost.length > 0) return malformedLink(lost) ?? diagnoseExport(evidence, lost);
  const capture = processOf(evidence, 'worker')?.capture ?? null;
  const base = {
    wanted: 'spans of the worker at the collector: it tells what it does, as the API does.',
    seen: [{ kind: 'spans', text: `${spans.length} spans of the worker` }],
  };
  if (!capture) {
    return {
      ...base,
      reason: 'no-spans-from-process',
      saw: "the worker runs, but the grader's in-memory exporter could not be added to it, and the collector got nothing.",
      look: 'the script "start:worker" of app-backend: does it replace NODE_OPTIONS or start node by its full path?',
    };
  }
  if (capture.attached.length === 0) {
    const sdk = capture.sdkPackagesLoaded.find((name) => /sdk-(?:node|trace)/.test(name));
    return sdk
      ? {
          ...base,
          reason: 'sdk-not-started',
          saw: `the worker loaded ${sdk.replace(/@[^@]*$/, '')}, but no tracer provider ever started in it. 0 spans.`,
          look: 'the line that starts your SDK. Does it run in the worker, too?',
        }
      : {
          ...base,
          reason: 'no-provider',
          saw: 'the worker delivered its messages and made 0 spans: no tracer provider was started in it.',
          look: 'the worker is a program of its own. Which file does "start:worker" run, and what does that load first?',
        };
  }
  if (!capture.attached.some(({ registered }) => registered)) {
    return {
      ...base,
      reason: 'provider-not-registered',
      saw: `a ${capture.attached[0]?.provider} exists in the worker, but nobody there knows it. 0 spans.`,
      look: 'how does a library find your provider? Which call makes it the global one?',
    };
  }
  if (capture.notSampled > 0) {
    return {
      ...base,
      reason: 'not-sampled',
      saw: `the worker started ${counted(capture.notSampled, 'span')}, and the sampler dropped all of them.`,
      look: 'the sampler of the SDK in the worker: which traces does it keep?',
    };
  }
  const open = evidence.unended.find(isOfWorker);
  if (open) {
    return {
      ...base,
      reason: 'span-never-ended',
      saw: neverEnded(`"${open.name}" of the worker`),
      look: 'is there a line that ends the span, and does every way through your code pass it?',
    };
  }
  return {
    ...base,
    reason: 'no-spans-from-process',
    saw: 'a tracer provider runs in the worker, and no span was started there, though it delivered messages.',
    look: 'which line of yours starts a span in the worker? Does it run when a message comes?',
  };
}

/** Why the worker's spans do not name their service; null when they do. */
export function diagnoseWorkerName(evidence: Evidence, span: EvidenceSpan): Finding | null {
  const given = span.resource['service.name'];
  const api = evidence.spans.find(({ origin }) => origin.process === 'api');
  if (given !== undefined && given !== SERVICE && given === api?.resource['service.name']) {
    return {
      reason: 'service-name-shared',
      saw: `the worker's spans say ${attributeText('service.name', given)}, as the API's do. Nobody can tell the two apart.`,
      wanted: `the resource of the worker says ${attributeText('service.name', SERVICE)}.`,
      look: 'the file that both programs load: who decides the name in it?',
      marks: [markOn(span, attributeText('service.name', given))],
      seen: [{ kind: 'resource', text: attributeText('service.name', given), spanId: span.spanId }],
    };
  }
  return diagnoseServiceName(evidence, span, SERVICE, EXERCISE);
}

/** A link that was made of something else than a span's context: an exporter cannot write it, and loses all it holds. */
export function malformedLink(spans: readonly EvidenceSpan[]): Finding | null {
  const span = spans.find(({ links }) => links.some((link) => !isContext(link)));
  if (!span) return null;
  const link = span.links.find((one) => !isContext(one));
  const lost = span.origin.received
    ? ''
    : ' The exporter cannot write such a link: all spans that it held went missing.';
  return {
    reason: 'link-malformed',
    saw: `a link of "${span.name}" names no span: its trace id is ${JSON.stringify(link?.traceId ?? '')}.${lost}`,
    wanted: "a link holds a span's context, with the ids of its trace and its span. No context, no link.",
    look: 'what do you give as "context" of the link: a context, a span, or the context of a span? And without a carrier?',
    marks: [markOn(span, 'A LINK to nothing')],
    seen: [{ kind: 'link', text: JSON.stringify(link ?? null), spanId: span.spanId }],
  };
}

function isContext({ traceId, spanId }: { traceId: string; spanId: string }): boolean {
  return /^[0-9a-f]{32}$/.test(traceId) && /^[0-9a-f]{16}$/.test(spanId) && /[1-9a-f]/.test(traceId + spanId);
}
