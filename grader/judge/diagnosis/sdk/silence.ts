import type { CaptureState, Evidence, EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { processOf } from '../../joins/index.ts';
import { scopesOf } from '../../sentences.ts';
import { diagnoseDrive } from '../program/requests.ts';
import { diagnoseLateStart } from './late-start.ts';

/**
 * Why a request has no SERVER span. "Nothing arrived" is many causes; the first that the evidence proves is
 * reported.
 */
export function diagnoseNoServerSpan(evidence: Evidence, request: SentRequest): Finding {
  const broken = diagnoseDrive(evidence);
  if (broken) return broken;
  const process = processOf(evidence, 'api');
  const capture = process?.capture ?? null;
  const wanted = `a SERVER span for ${request.method} ${request.path}.`;
  const count = evidence.spans.length;
  const base = { wanted, seen: [{ kind: 'spans', text: `${count} spans in all` }] };
  const start = 'does the API load your set-up? See exercises/01-first-trace/README.md, "What you need".';
  if (!capture) return captureLost(evidence, base);

  if (capture.attached.length === 0) {
    const sdk = capture.sdkPackagesLoaded.find((name) => /sdk-(?:node|trace)/.test(name));
    if (sdk) {
      return {
        ...base,
        reason: 'sdk-not-started',
        saw: `the API loaded ${sdk.replace(/@[^@]*$/, '')}, but no tracer provider ever started. 0 spans.`,
        look: 'the line that starts your SDK. Making it does not start it: is there such a line, and does it run?',
      };
    }
    return {
      ...base,
      reason: 'no-provider',
      saw: `${request.method} ${request.path} was answered with ${request.status}, and the API made 0 spans: no tracer provider was started.`,
      look: start,
    };
  }
  const late = diagnoseLateStart(evidence, request, base);
  if (late) return late;
  if (!capture.attached.some((provider) => provider.registered) && count === 0) {
    return {
      ...base,
      reason: 'provider-not-registered',
      saw: `a ${capture.attached[0]?.provider} exists, but the API's libraries do not know it. 0 spans.`,
      look: 'how does a library find your provider? Which call makes it the global one?',
    };
  }
  if (capture.notSampled > 0 && capture.spansEnded <= capture.notSampled) {
    return {
      ...base,
      reason: 'not-sampled',
      saw: `${capture.notSampled} spans were started, and the sampler dropped all of them.`,
      look:
        evidence.facts['api ratio'] === undefined
          ? 'the sampler of your SDK. In these exercises every trace is kept.'
          : 'the sampler of your SDK: which share of the traces does it keep, and by whose word?',
    };
  }
  const unended = evidence.unended.find((span) => span.kind === 'SERVER');
  if (unended) {
    return {
      ...base,
      reason: 'span-never-ended',
      saw: `the SERVER span "${unended.name}" was started and never ended.`,
      look: 'what keeps the answer from ending?',
    };
  }
  return diagnoseHttpInstrumentation(capture, evidence.spans, base);
}

function diagnoseHttpInstrumentation(
  capture: CaptureState,
  spans: readonly EvidenceSpan[],
  base: Pick<Finding, 'wanted' | 'seen'>,
): Finding {
  const others = spans.length > 0 ? `Spans came from ${scopesOf(spans)}.` : 'No library made a span.';
  const http = capture.instrumentations.find((one) => /instrumentation-http$/.test(one.name));
  if (!http?.enabled) {
    return {
      ...base,
      reason: 'instrumentation-missing',
      saw: `a tracer provider runs, but nothing watches HTTP. ${others}`,
      look: 'the list of instrumentations that you give to the SDK.',
    };
  }
  const early = http.modulesLoadedBefore;
  if (early.length > 0) {
    return {
      ...base,
      reason: 'sdk-loaded-too-late',
      saw: `the SDK started after ${early.slice(0, 3).join(', ')} had been loaded, so nobody watches ${early.length > 1 ? 'them' : 'it'}. ${others}`,
      look: 'which file is loaded first when the API starts? Which line in it runs first, and what does that import?',
    };
  }
  return {
    ...base,
    reason: spans.length === 0 ? 'no-spans-from-process' : 'no-server-span',
    saw: `a tracer provider runs and HTTP is watched, but no SERVER span was made. ${others}`,
    look: 'the options that you give to the instrumentation of HTTP: is a request told to be ignored?',
  };
}

/** The process never spoke with the grader: what the receiver saw is all there is. */
function captureLost(evidence: Evidence, base: Pick<Finding, 'wanted' | 'seen'>): Finding {
  const onWire = evidence.wire.filter((request) => request.spanIds.length > 0).length;
  return {
    ...base,
    reason: 'no-spans-from-process',
    saw: `the API runs, but the grader's in-memory exporter could not be added to it. The collector got ${onWire} exports.`,
    look: 'the start script of app-backend: does it replace NODE_OPTIONS or start node by its full path?',
  };
}
