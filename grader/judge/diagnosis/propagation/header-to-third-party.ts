import type { HeaderRecord } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';

/** A tracing header that somebody else's server got; null when none did. */
export function diagnoseThirdParty(records: readonly HeaderRecord[], thirdParty: string): Finding | null {
  for (const record of records) {
    const asked = record.requestHeaders['access-control-request-headers'] ?? '';
    const header = ['traceparent', 'tracestate', 'baggage', 'b3'].find(
      (name) => record.requestHeaders[name] !== undefined || asked.split(/,\s*/).includes(name),
    );
    if (!header) continue;
    return {
      reason: 'header-sent-to-third-party',
      saw: `the page asked ${thirdParty}, a server of somebody else, for ${record.path.split('?')[0]} and sent ${header}${record.requestHeaders[header] ? ` = ${record.requestHeaders[header]?.slice(0, 60)}` : ''}.`,
      wanted:
        "tracing headers for the API's origin alone. To others they tell about your users, and a strict server refuses the request.",
      look: 'the pattern of addresses that may get trace headers: what else does it match?',
      seen: [{ kind: 'header', text: `${header} at ${thirdParty}` }],
    };
  }
  return null;
}
