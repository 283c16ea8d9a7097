import type { AttributeValue } from '@workshop/telemetry/pure';
import type { EvidenceSpan, HeaderRecord } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { attributeText, missingHere, requestName } from '../../sentences.ts';

const URL_TEMPLATE = 'url.template';

const BASE = {
  wanted:
    'url.template on each of these spans: the path as the API knows it, "/search" or "/posts/{id}", without what differs.',
  look: 'the address of the request: which part of it is the same for all who ask for this?',
};

/** A request of the page with its CLIENT span. */
interface Traced {
  record: HeaderRecord;
  client: EvidenceSpan;
}

/** Why the routes on the CLIENT spans cannot be grouped by; null when they can. */
export function diagnoseTemplates(searches: readonly Traced[], feed: Traced): Finding | null {
  for (const { record, client } of [...searches, feed]) {
    const given = templateOf(client);
    if (typeof given === 'string' && given !== '') continue;
    return {
      ...BASE,
      reason: 'attribute-missing',
      saw: `${client.name}, the CLIENT span of ${requestName(record)}, has no ${URL_TEMPLATE}.`,
      marks: [missingHere(client, URL_TEMPLATE)],
      seen: [{ kind: 'keys', text: Object.keys(client.attributes).join(', '), spanId: client.spanId }],
    };
  }
  const templates = [...new Set(searches.map(({ client }) => String(templateOf(client))))];
  const same = templates.length === 1;
  if (same && templateOf(feed.client) !== templates[0]) return null;
  return {
    ...BASE,
    reason: 'attribute-wrong-value',
    saw: same
      ? `${attributeText(URL_TEMPLATE, templates[0])} is on the spans of searches and of the feed.`
      : `searches have ${templates.length} values of ${URL_TEMPLATE}: ${templates.slice(0, 2).join(', ')}. Each search is a row of its own then.`,
    marks: searches
      .slice(0, 1)
      .map(({ client }) => markOn(client, attributeText(URL_TEMPLATE, templates[0]))),
    seen: templates.slice(0, 3).map((text) => ({ kind: 'attribute', text })),
  };
}

function templateOf(client: EvidenceSpan): AttributeValue | undefined {
  return client.attributes[URL_TEMPLATE];
}
