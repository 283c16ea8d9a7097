import type { Evidence, HeaderRecord } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { pageRequestsOf, preflightsOf } from '../../joins/index.ts';
import { requestName } from '../../sentences.ts';

/** Headers that a page may send to another origin without asking; Fetch standard, "CORS-safelisted request-header". */
const SAFE_HEADERS = new Set(['accept', 'accept-language', 'content-language', 'range']);

/**
 * A question of the browser, before the page's request, that the API answered with no. Null: there is none. Where the
 * request came after all, the browser was content: not all are as strict as the standard.
 */
export function diagnosePreflight(evidence: Evidence): Finding | null {
  const requests = pageRequestsOf(evidence);
  for (const asked of preflightsOf(evidence)) {
    if (requests.some((sent) => sent.atMs >= asked.atMs && isAnnounced(sent, asked))) continue;
    const wanted = namesIn(asked.requestHeaders['access-control-request-headers']);
    const allowed = namesIn(asked.responseHeaders['access-control-allow-headers']);
    const missing = wanted.filter(
      (name) =>
        !allowed.includes(name) &&
        !SAFE_HEADERS.has(name) &&
        !(allowed.includes('*') && name !== 'authorization'),
    );
    const method = asked.requestHeaders['access-control-request-method'] ?? '';
    const name = requestName({ method, path: asked.path });
    const base = {
      reason: 'preflight-refused' as const,
      cause: 'The browser asked first, got a no, and never sent the request itself.',
      seen: [
        {
          kind: 'preflight',
          text: `asked ${wanted.join(', ')}; allowed ${allowed.join(', ') || 'nothing'}`,
        },
      ],
    };
    if (missing.length > 0) {
      return {
        ...base,
        saw: `before ${name} the browser asked for the ${wanted.length === 1 ? 'header' : 'headers'} ${wanted.join(', ')}. The API allowed ${allowed.join(', ') || 'none'}: ${missing.join(', ')} is missing.`,
        wanted: `the API allows ${missing.join(', ')}, too, so that the browser sends the request.`,
        look: 'app-backend/src/http.ts: which headers may a page of another origin send?',
      };
    }
    const origin = asked.responseHeaders['access-control-allow-origin'];
    if (origin !== '*' && origin !== asked.origin) {
      return {
        ...base,
        saw: `before ${name} the browser asked for the origin ${asked.origin}. The API answered ${asked.status} and allowed ${origin ?? 'no origin'}.`,
        wanted: 'the API allows the origin of the page, which PAGE_ORIGIN names.',
        look: 'app-backend/src/http.ts: where does the allowed origin come from?',
      };
    }
  }
  return null;
}

function isAnnounced(sent: HeaderRecord, asked: HeaderRecord): boolean {
  return sent.path === asked.path && sent.method === asked.requestHeaders['access-control-request-method'];
}

function namesIn(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}
