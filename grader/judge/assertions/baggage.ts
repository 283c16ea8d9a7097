import type { EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import { diagnoseCopied, type VariantWork } from '../diagnosis/baggage/copied.ts';
import {
  diagnoseBatchLinks,
  diagnoseBatchQueries,
  diagnoseRowVariant,
} from '../diagnosis/baggage/message.ts';
import { diagnoseUnpublished, diagnoseVariantSent, type RequestInLayout } from '../diagnosis/baggage/sent.ts';
import {
  diagnoseInvented,
  diagnoseKept,
  diagnoseOtherEntries,
  diagnoseStrangersWord,
  type Stranger,
} from '../diagnosis/baggage/too-much.ts';
import { diagnoseDisconnected } from '../diagnosis/outbox/connection.ts';
import { TELLING } from '../diagnosis/outbox/consumer.ts';
import { queryText } from '../diagnosis/outbox/producer.ts';
import { diagnosePreflight } from '../diagnosis/page/preflight.ts';
import { isOwnScope } from '../diagnosis/spans/own-scope.ts';
import {
  apiSpanOf,
  clientSpansOf,
  type Delivery,
  isOfWorker,
  linksTo,
  messagesOf,
  pageRequestsOf,
  pageSpansOf,
  rowsOf,
  UI_VARIANT,
  type VariantMessage,
  variantIn,
  variantMessagesOf,
  variantOfRequest,
  variantOn,
  variantVisitsOf,
  visitOf,
  wayToServer,
  workerSpansOf,
} from '../joins/index.ts';
import { requestName } from '../sentences.ts';
import { fail, failOn } from './check.ts';
import { evidence, spanIndex } from './evidence.ts';
import { fact } from './facts.ts';
import { expectConsumers, expectDelivery, expectMessages } from './outbox.ts';
import { expectClientSpan, expectPageRequests, expectPageUsable } from './page.ts';
import { expectRequests, expectServerSpan, expectStatus, findSpansOf } from './requests.ts';
import { expectExported } from './service.ts';

/** Fails unless each request of the page says the layout of its visitor in its baggage. */
export function expectVariantSent(): void {
  failOn(diagnosePreflight(evidence()));
  expectPageRequests();
  const requests = pageRequestsInLayout();
  failOn(diagnoseVariantSent(evidence(), requests));
  if (new Set(requests.map(({ variant }) => variant)).size < 2) {
    expectPageUsable();
    throw new Error('the page was not used in both layouts');
  }
}

/** Fails where the baggage of a request of the page holds something else, too. */
export function expectNothingElseSent(): void {
  const clients = clientSpansOf(evidence());
  failOn(diagnoseOtherEntries(pageRequestsOf(evidence()), (record) => clients.get(record)));
}

/** Fails unless all spans that the page made for its requests to the API have the visitor's layout. */
export function expectVariantInPage(): void {
  const works = pageRequestsInLayout().map(({ record, variant }): VariantWork => {
    const client = expectClientSpan(record);
    // What a library adds below or above a request, such as a click, is not of the request alone.
    const own = pageSpansOf(evidence()).filter(
      (span) => span.traceId === client.traceId && span !== client && isOwnScope(span),
    );
    return { name: requestName(record), where: 'the page', variant, spans: [client, ...own] };
  });
  failOn(diagnoseCopied(evidence(), works));
  expectExported(works.flatMap(({ spans }) => spans));
}

/**
 * Fails unless all spans of the API have the variant that came with their request.
 * @param label of requests of the driver; those of the page are looked at, too
 */
export function expectVariantInApi(label: string): void {
  const works = withVariant(label).map(({ sent, variant }): VariantWork => {
    const server = expectServerSpan(sent);
    return { name: requestName(sent), where: 'the API', variant, spans: ofApi(server) };
  });
  const ofPage = pageRequestsOf(evidence()).flatMap((record): VariantWork[] => {
    const variant = variantIn(record.baggage);
    const server = apiSpanOf(evidence(), record);
    if (!variant || !server) return [];
    return [{ name: `${requestName(record)} of the page`, where: 'the API', variant, spans: ofApi(server) }];
  });
  const all = [...works, ...ofPage];
  failOn(diagnoseCopied(evidence(), all));
  expectExported(all.flatMap(({ spans }) => spans));
}

/** Fails where the visitor published in a layout, and no post came of it. */
export function expectPublishedInPage(): void {
  expectPageUsable();
  for (const visit of variantVisitsOf(evidence())) failOn(diagnoseUnpublished(visit));
}

/** Fails unless the CONSUMER spans of these messages, and all below them, have the variant of the message's request. */
export function expectVariantInWorker(whats: readonly string[]): void {
  for (const what of whats) {
    const part = expectDelivery(what);
    expectMessages(part);
    const consumers = expectConsumers(part);
    for (const message of variantMessagesOf(evidence(), part))
      expectVariantOfMessage(message, part, consumers);
    expectExported(consumers);
  }
}

/** Fails when a request without a variant has one on a span, or a message from before the exercise has. */
export function expectNoneInvented(label: string): void {
  for (const sent of expectRequests(`${label}, variant none`)) {
    expectServerSpan(sent);
    failOn(diagnoseInvented(requestName(sent), findSpansOf(sent)));
  }
  const old = expectDelivery('old');
  failOn(diagnoseInvented('a message without a context', workerSpansOf(evidence(), old)));
}

/** Fails where a span holds what a stranger put into baggage. Murmur answers strangers as everybody. */
export function expectStrangersIgnored(label: string): void {
  for (const sent of expectRequests(label)) {
    expectStatus(sent, sent.method === 'POST' ? 201 : 200);
    expectServerSpan(sent);
  }
  failOn(diagnoseStrangersWord(evidence().spans, fact<Stranger[]>('strangers')));
  for (const sent of expectRequests(label).filter((one) => variantOfRequest(one) === null))
    failOn(diagnoseInvented(requestName(sent), findSpansOf(sent)));
}

/** Fails where a row of the outbox holds what a stranger put into baggage. */
export function expectNothingKept(what: string): void {
  expectMessages(expectDelivery(what));
  failOn(diagnoseKept(rowsOf(evidence()), fact<Stranger[]>('strangers')));
}

/** How many spans of each service say a variant. */
export function countWithVariant(): Record<'page' | 'api' | 'worker', number> {
  const spans = evidence().spans.filter((span) => variantOn(span) !== undefined);
  const of = (isOf: (span: EvidenceSpan) => boolean): number => spans.filter(isOf).length;
  return {
    page: of(({ origin }) => origin.process === 'page'),
    api: of(({ origin }) => origin.process === 'api'),
    worker: of(isOfWorker),
  };
}

function pageRequestsInLayout(): RequestInLayout[] {
  fact('visits');
  return pageRequestsOf(evidence()).flatMap((record) => {
    const visit = visitOf(evidence(), record);
    return visit ? [{ record, variant: visit.variant }] : [];
  });
}

function withVariant(label: string): { sent: SentRequest; variant: 'A' | 'B' }[] {
  return (['A', 'B'] as const).flatMap((variant) =>
    expectRequests(`${label}, variant ${variant}`).map((sent) => ({ sent, variant })),
  );
}

/** The API's spans of a request: its SERVER span and all below. */
function ofApi(server: EvidenceSpan): EvidenceSpan[] {
  const below = spanIndex().descendantsOf(server);
  return [server, ...below.filter((span) => !isOfWorker(span))];
}

function expectVariantOfMessage(
  message: VariantMessage,
  part: Delivery,
  consumers: readonly EvidenceSpan[],
): void {
  const { server, variant } = message;
  if (!server) {
    // Without a SERVER span nothing leads back; which one it is, the request says.
    for (const { request } of messagesOf(evidence(), part)) expectServerSpan(request);
    return;
  }
  const leading = consumers.filter((span) => wayToServer(evidence(), span, server));
  if (leading.length === 0) {
    for (const one of messagesOf(evidence(), part)) failOn(diagnoseDisconnected(evidence(), one, consumers));
    return;
  }
  const others = variantMessagesOf(evidence(), part).filter((one) => one.postId !== message.postId);
  const own = leading.filter(
    (span) => !others.some((one) => one.server && wayToServer(evidence(), span, one.server)),
  );
  const name = `the message of ${message.request}`;
  if (own.length === 0) expectVariantInBatch(leading[0] as EvidenceSpan, part);
  const spans = own.flatMap((span) => [withLinkVariant(span, server), ...ofMessage(span)]);
  if (variant === null) failOn(diagnoseInvented(name, spans));
  const work = variant && diagnoseCopied(evidence(), [{ name, where: 'the worker', variant, spans }]);
  if (work) fail(diagnoseRowVariant(message) ?? work);
}

/** One CONSUMER span for several messages: its links say the variants, and so do the queries. */
function expectVariantInBatch(consumer: EvidenceSpan, part: Delivery): void {
  const messages = variantMessagesOf(evidence(), part).flatMap((message) => {
    const links = message.server ? linksTo(evidence(), consumer, message.server) : [];
    const [link] = links;
    return link ? [{ message, linkValue: link.attributes[UI_VARIANT] }] : [];
  });
  for (const { message } of messages) failOn(message.variant && diagnoseRowVariant(message));
  failOn(diagnoseBatchLinks(consumer, messages));
  const telling = spanIndex()
    .descendantsOf(consumer)
    .filter((span) => TELLING.test(queryText(span)))
    .map((span) => ({ span, value: variantOn(span) }));
  failOn(
    diagnoseBatchQueries(
      consumer,
      messages.map(({ message }) => message),
      telling,
    ),
  );
}

/** The span as it speaks of a single message: its link may say the variant. */
function withLinkVariant(span: EvidenceSpan, server: EvidenceSpan): EvidenceSpan {
  const [said] = linksTo(evidence(), span, server).flatMap(({ attributes }) => attributes[UI_VARIANT] ?? []);
  if (said === undefined || span.attributes[UI_VARIANT] !== undefined) return span;
  return { ...span, attributes: { ...span.attributes, [UI_VARIANT]: said } };
}

/** What is below a CONSUMER span and done for its message. The batch as a whole has statements of its own. */
function ofMessage(consumer: EvidenceSpan): EvidenceSpan[] {
  const ofBatch = /\boutbox\b|^\s*(?:begin|start transaction|commit|rollback|savepoint|release)\b/i;
  return spanIndex()
    .descendantsOf(consumer)
    .filter((span) => isOfWorker(span))
    .filter((span) => {
      const text = queryText(span);
      return isOwnScope(span) || (text !== '' && !ofBatch.test(text));
    });
}
