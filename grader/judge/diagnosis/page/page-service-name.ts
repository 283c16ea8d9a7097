import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { attributeText } from '../../sentences.ts';
import { diagnoseServiceName } from '../sdk/resource.ts';

/** Why a span of the page does not name this service, or names the API's; null when it does. */
export function diagnosePageServiceName(
  evidence: Evidence,
  span: EvidenceSpan,
  service: string,
): Finding | null {
  const wrong = diagnoseServiceName(evidence, span, service, '06-browser-spans');
  if (!wrong) return null;
  const given = span.resource['service.name'];
  const ofApi = evidence.spans.find(
    (one) => one.origin.process === 'api' && one.resource['service.name'] === given,
  );
  if (!ofApi) return wrong;
  return {
    ...wrong,
    reason: 'service-name-shared',
    saw: `the page says ${attributeText('service.name', given)}, and so does the API.`,
    look: 'how would you tell the page from the API in a query? A service is what is deployed as one.',
  };
}
