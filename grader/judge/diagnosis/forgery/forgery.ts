import type { Evidence, EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { captureOf, isDuring } from '../../joins/index.ts';

/** What every HTTP instrumentation writes down of who asked. A span made by hand from a task's text has none of it. */
const ASKER = [
  'user_agent.original',
  'http.user_agent',
  'client.address',
  'http.client_ip',
  'network.peer.address',
  'net.peer.ip',
];

/**
 * Spans that tell of a request which nobody sent, or that claim a library which the process never loaded. Null when
 * nothing proves it: spans that learners make by hand for what really happens are welcome.
 */
export function diagnoseForgery(
  evidence: Evidence,
  sent: SentRequest,
  server: EvidenceSpan | undefined,
): Finding | null {
  const unasked = evidence.spans.find((span) => claims(span, sent) && !happened(span, evidence));
  if (unasked) {
    return forged(
      unasked,
      `the SERVER span "${unasked.name}" tells of a request that nobody sent: the grader asked for ${sent.path} at another time.`,
    );
  }
  if (!server) return null;
  // A trace has hundreds of spans of a few libraries: the first span of each is enough.
  const ofLibrary = new Map<string, EvidenceSpan>();
  for (const span of evidence.spans) {
    const library = `${span.origin.process} ${span.scope.name}`;
    if (span.traceId === server.traceId && !ofLibrary.has(library)) ofLibrary.set(library, span);
  }
  const borrowed = [...ofLibrary.values()].find((span) => claimsUnloadedLibrary(evidence, span));
  if (!borrowed) return null;
  return forged(
    borrowed,
    `the span "${borrowed.name}" says that ${borrowed.scope.name} made it. The API never loaded that package.`,
  );
}

function forged(span: EvidenceSpan, saw: string): Finding {
  return {
    reason: 'forged-evidence',
    saw,
    wanted: 'spans that the libraries make while they handle a request.',
    look: 'the place in your code where these spans are made. What do they stand for?',
    marks: [markOn(span, 'MADE BY HAND')],
    seen: [{ kind: 'span', text: `${span.name} of ${span.scope.name}`, spanId: span.spanId }],
  };
}

/** A SERVER span for this method and path that does not say who asked. */
function claims(span: EvidenceSpan, sent: SentRequest): boolean {
  if (span.kind !== 'SERVER' || ASKER.some((key) => span.attributes[key] !== undefined)) return false;
  const path = sent.path.split('?')[0] as string;
  const named = [span.attributes['url.path'], span.attributes['http.target'], span.attributes['http.route']];
  return named.includes(path) || span.name === `${sent.method} ${path}`;
}

function happened(span: EvidenceSpan, evidence: Evidence): boolean {
  return evidence.requests.some((sent) => claims(span, sent) && isDuring(span.startMs, sent));
}

/** Bundled code loads no package by its name: without a package of the SDK in sight, nothing is proven. */
function claimsUnloadedLibrary(evidence: Evidence, span: EvidenceSpan): boolean {
  const scope = span.scope.name;
  const capture = captureOf(evidence, span.origin.process);
  if (!capture || !/^@opentelemetry\/instrumentation-/.test(scope)) return false;
  if (!capture.sdkPackagesLoaded.some((name) => /\/sdk-(?:node|trace)/.test(name))) return false;
  return (
    !capture.sdkPackagesLoaded.some((name) => name.startsWith(`${scope}@`)) &&
    !capture.instrumentations.some((one) => one.name === scope)
  );
}
