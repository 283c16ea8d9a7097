import type { Evidence } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { requestName } from '../../sentences.ts';

/** An answer of the API that lets a page of another origin read it; null when only the page may. */
export function diagnoseOpenOrigin(evidence: Evidence): Finding | null {
  const answers = [
    ...(evidence.headers ?? [])
      .filter(({ at }) => at === 'api')
      .map((record) => ({ ...record, name: requestName(record) })),
    ...evidence.requests.map((sent) => ({
      ...sent,
      name: requestName(sent),
      origin: sent.requestHeaders.origin ?? null,
    })),
  ];
  for (const { name, origin, responseHeaders } of answers) {
    const allowed = responseHeaders['access-control-allow-origin'];
    const foreign = origin !== null && origin !== evidence.page?.url;
    if (allowed !== '*' && !(foreign && allowed === origin)) continue;
    return {
      reason: 'origin-not-kept',
      saw: `the answer to ${name}${foreign ? `, asked by ${origin},` : ''} says Access-Control-Allow-Origin: ${allowed}. ${allowed === '*' ? 'Every page of the web' : 'That page'} may read it.`,
      wanted: 'only the origin that PAGE_ORIGIN names may use the API, as before.',
      look: 'app-backend/src/http.ts: what does your change say about origins? It is the header that is new, not who may ask.',
      seen: [{ kind: 'header', text: `Access-Control-Allow-Origin: ${allowed}` }],
    };
  }
  return null;
}
