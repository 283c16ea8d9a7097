import type { EvidenceSpan, HeaderRecord } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { attributeText, missingHere, requestName } from '../../sentences.ts';

const URL_TEMPLATE = 'url.template';

const BASE = {
  wanted:
    'url.template on each of these spans: the path as the API knows it, "/search" or "/posts/{id}", without what differs.',
  look: 'the address of the request: which part of it is the same for all who ask for this?',
};

/** A request of the page with its CLIENT span and the `http.route` of its SERVER span, where the API says one. */
export interface RoutedRequest {
  record: HeaderRecord;
  client: EvidenceSpan;
  route: string | undefined;
}

/** Why the routes on the CLIENT spans cannot be grouped by; null when each is its request's. */
export function diagnoseTemplates(requests: readonly RoutedRequest[]): Finding | null {
  for (const { record, client, route } of requests) {
    const given = client.attributes[URL_TEMPLATE];
    const name = requestName(record);
    if (typeof given !== 'string' || given === '') {
      return {
        ...BASE,
        reason: 'attribute-missing',
        saw: `${client.name}, the CLIENT span of ${name}, has no ${URL_TEMPLATE}.`,
        marks: [missingHere(client, URL_TEMPLATE)],
        seen: [{ kind: 'keys', text: Object.keys(client.attributes).join(', '), spanId: client.spanId }],
      };
    }
    if (isTemplateOf(given, record.path, route)) continue;
    const shown = attributeText(URL_TEMPLATE, given);
    const literal = valuesIn(record.path, route).find((value) => given.includes(value));
    return {
      ...BASE,
      reason: 'attribute-wrong-value',
      saw: `${shown} is on the CLIENT span of ${name}. ${literal ? `"${literal}" differs from request to request, so each is a row of its own.` : "That is not this request's path."}`,
      marks: [markOn(client, shown)],
      seen: [{ kind: 'attribute', text: shown, spanId: client.spanId }],
    };
  }
  return null;
}

/** Whether a text is the path, with something else in place of each part that differs from request to request. */
export function isTemplateOf(template: string, path: string, route: string | undefined): boolean {
  if (valuesIn(path, route).some((value) => template.includes(value))) return false;
  const [templatePath = ''] = template.split('?');
  const wanted = segmentsOf(path, route);
  const given = templatePath.split('/');
  return (
    given.length === wanted.length &&
    wanted.every(({ text, differs }, at) => (differs ? given[at] !== '' : given[at] === text))
  );
}

/** What a request's address holds that another one's for the same route does not: ids in the path, texts in the query. */
function valuesIn(path: string, route: string | undefined): string[] {
  const [, query = ''] = path.split('?');
  const inPath = segmentsOf(path, route).flatMap(({ text, differs }) => (differs ? [text] : []));
  return [...inPath, ...new URLSearchParams(query).values()].filter((value) => value !== '');
}

/** The path's parts. Which of them differ the API's route says, `/posts/:id`; without one, those that are numbers. */
function segmentsOf(path: string, route: string | undefined): { text: string; differs: boolean }[] {
  const texts = (path.split('?')[0] ?? '').split('/');
  const named = route?.split('/');
  return texts.map((text, at) => ({
    text,
    differs: named?.length === texts.length ? /^[:{*]/.test(named[at] ?? '') : /^\d+$/.test(text),
  }));
}
