import type { Evidence, EvidenceSpan, WireRequest } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { exportsOf, isAbandoned, type PageExit } from '../../joins/index.ts';
import { counted } from '../../sentences.ts';

/** Browsers let requests of 64 KiB in all outlive their page; OpenTelemetry's exporter keeps 4 KiB of it for headers. */
const KEPT_ALIVE_BYTES = 60 * 1024;

/**
 * Spans of the page that had ended when it was left or hidden, and never came; null when all came.
 * @param how `left`, `hidden`
 */
export function diagnoseLostOnExit(
  evidence: Evidence,
  how: 'left' | 'hidden',
  exit: PageExit,
  spans: readonly EvidenceSpan[],
): Finding | null {
  const missing = spans.filter(({ spanId }) => exit.missing.includes(spanId));
  const [first] = missing;
  if (!first) return null;
  const base: Omit<Finding, 'look'> = {
    reason: 'spans-lost-on-hide',
    saw: `the page had ended ${counted(exit.spanIds.length, 'span')} when it was ${how}, and ${missing.length} of them never came to the collector.`,
    wanted: 'all of them: whoever leaves does not wait.',
    marks: [markOn(first, 'NEVER CAME')],
    seen: [{ kind: 'lost', text: `${missing.length} of ${exit.spanIds.length}`, spanId: first.spanId }],
  };
  const refused = refusal(evidence);
  if (refused) {
    return {
      ...base,
      reason: 'export-refused',
      cause: `The browser refused to send: ${refused}`,
      look: "what does your request carry that the exporter's own does not? This collector takes no cookies.",
    };
  }
  const begun = exportsOf(evidence, missing).filter(isAbandoned);
  const bytes = begun.reduce((sum, one) => sum + one.bytes, 0);
  if (begun.length > 0 && bytes > KEPT_ALIVE_BYTES) return tooLarge(base, begun, bytes);
  if (begun.length > 0 || wasCutOff(evidence)) {
    return {
      ...base,
      cause: 'An export had begun, and the browser cut it off: it ends the requests of a page with the page.',
      look: 'exercises/14-nothing-lost/README.md, "A page that is left". Which requests outlive their page?',
    };
  }
  return {
    ...base,
    look:
      how === 'hidden'
        ? 'which event tells a page that it may never be seen again? On a phone no other comes after it.'
        : 'what does your page do when it is left? Which event tells it in time?',
  };
}

function tooLarge(base: Omit<Finding, 'look'>, begun: readonly WireRequest[], bytes: number): Finding {
  return {
    ...base,
    cause: `${counted(begun.length, 'export')} of ${Math.round(bytes / 1024)} KB had begun, and the browser cut ${begun.length === 1 ? 'it' : 'them'} off. At most 64 KB of a page's requests may outlive it.`,
    look: 'how many spans may wait in the page, and how large is each? About 2 KB.',
  };
}

/** What the browser says of an export that the collector's CORS answers do not allow; null: nothing. */
function refusal({ page }: Evidence): string | null {
  const line = page?.console.find(
    (text) => /blocked by CORS policy/.test(text) && text.includes(page.collectorUrl),
  );
  return line?.split('blocked by CORS policy: ')[1]?.slice(0, 200) ?? null;
}

/** The browser itself says that a request to the collector was ended before its answer. */
function wasCutOff({ page }: Evidence): boolean {
  const collector = page?.collectorUrl ?? '';
  return (page?.failedRequests ?? []).some(
    ({ method, url, error }) => method === 'POST' && url.startsWith(collector) && /ABORTED/.test(error),
  );
}
