import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evidence, serverSpan, span } from '@workshop/grader/test/evidence';
import type { EvidenceSpan } from '../../evidence/index.ts';
import { diagnoseCopied, type VariantWork } from '../diagnosis/baggage/copied.ts';
import {
  diagnoseBatchLinks,
  diagnoseBatchQueries,
  diagnoseRowVariant,
  variantInRow,
} from '../diagnosis/baggage/message.ts';
import { diagnoseUnpublished, diagnoseVariantSent } from '../diagnosis/baggage/sent.ts';
import {
  diagnoseInvented,
  diagnoseKept,
  diagnoseOtherEntries,
  diagnoseStrangersWord,
} from '../diagnosis/baggage/too-much.ts';
import {
  baggageEntries,
  UI_VARIANT,
  type Variant,
  type VariantMessage,
  variantIn,
  variantMessagesOf,
  visitOf,
} from '../joins/index.ts';
import { consumer, delivered, publish, T0, telling } from './support/messages.ts';
import { header, ids, traced, visit } from './support/page.ts';

const has = (value: unknown) => ({ attributes: { [UI_VARIANT]: value as string } });
const sound = evidence({});

describe('a baggage header', () => {
  for (const [text, entries] of [
    ['murmur.ui.variant=B', { 'murmur.ui.variant': 'B' }],
    [
      ' theme = dark ,\tmurmur.ui.variant=A;since=2026;x , n=%20a%2Cb',
      { theme: 'dark', 'murmur.ui.variant': 'A', n: ' a,b' },
    ],
    ['=,;;,murmur.ui.variant,%E0%A4%A=x,n=%E0%A4%A', {}],
    ['a=b=c', { a: 'b=c' }],
    ['', {}],
    [null, {}],
    [undefined, {}],
  ] as const) {
    test(`is read as W3C says: ${text}`, () =>
      assert.deepEqual(Object.fromEntries(baggageEntries(text)), entries));
  }

  for (const [text, variant] of [
    ['x=1,murmur.ui.variant=%42', 'B'],
    ['murmur.ui.variant=A;note=x', 'A'],
    ['murmur.ui.variant=b', null],
    ['murmur.ui.variant=AB', null],
    ['MURMUR.UI.VARIANT=A', null],
  ] as const) {
    test(`says a variant of Murmur's or none: ${text}`, () => assert.equal(variantIn(text), variant));
  }
});

describe('what the page sends', () => {
  const asked = (baggage: string | null, variant: Variant = 'B', path = '/feed') => ({
    record: header({ baggage, path }),
    variant,
  });
  const reason = (...requests: ReturnType<typeof asked>[]) =>
    diagnoseVariantSent(visit(), requests)?.reason ?? null;

  test('is the layout that the visitor has', () => {
    assert.equal(reason(asked('murmur.ui.variant=B'), asked('murmur.ui.variant=A', 'A')), null);
  });

  test('is another layout: that is told, and whether it is always the same', () => {
    const one = diagnoseVariantSent(visit(), [
      asked('murmur.ui.variant=A'),
      asked('murmur.ui.variant=B', 'A'),
    ]);
    assert.equal(one?.reason, 'baggage-wrong-value');
    assert.doesNotMatch(one.saw, /All/);
    const constant = diagnoseVariantSent(visit(), [
      asked('murmur.ui.variant=A', 'A'),
      asked('murmur.ui.variant=A'),
    ]);
    assert.match(constant?.saw ?? '', /All 2 requests say so, in either layout/);
  });

  for (const [what, baggage, told] of [
    ['nothing', null, /without a baggage header/],
    ['another key', 'murmur.ui_variant=B', /murmur\.ui_variant = "B"/],
    ['something that is no list of entries', '{"murmur.ui.variant":"B"}', /is no list of entries/],
    ['other entries', 'theme=dark', /has no murmur\.ui\.variant/],
  ] as const) {
    test(`is ${what}`, () => {
      const finding = diagnoseVariantSent(visit(), [asked(baggage)]);
      assert.equal(finding?.reason, 'baggage-not-sent');
      assert.match(finding.saw, told);
    });
  }

  test('is missing on some: the message names one that has it', () => {
    const finding = diagnoseVariantSent(visit(), [asked('murmur.ui.variant=B', 'B', '/users'), asked(null)]);
    assert.match(finding?.saw ?? '', /1 of 2 requests had one, such as GET \/users/);
  });

  test('is more than the variant', () => {
    const none = () => undefined;
    assert.equal(
      diagnoseOtherEntries([header({ baggage: 'murmur.ui.variant=B;p=1' }), header()], none),
      null,
    );
    const finding = diagnoseOtherEntries([header({ baggage: 'murmur.ui.variant=B,user.id=0832' })], none);
    assert.equal(finding?.reason, 'baggage-too-much');
    assert.match(finding.saw, /user\.id = "0832"/);
  });

  test('is a post that was never saved', () => {
    assert.equal(diagnoseUnpublished({ variant: 'A', fromMs: 1, postId: '12' }), null);
    assert.equal(diagnoseUnpublished({ variant: 'A', fromMs: 1, postId: null })?.reason, 'request-failed');
  });

  test('belongs to the load of the page in which it left', () => {
    const visits = [
      { variant: 'A', fromMs: 1000, postId: null },
      { variant: 'B', fromMs: 2000, postId: null },
    ];
    const [first, second] = [header({ atMs: 1990 }), header({ atMs: 2003, path: '/users' })];
    const driven = visit({ headers: [first, second], facts: { visits } });
    assert.deepEqual(
      [first, second].map((one) => visitOf(driven, one)?.variant),
      ['A', 'B'],
    );
    assert.equal(visitOf(visit({ headers: [first], facts: {} }), first), undefined);
  });
});

describe('what a process makes of it', () => {
  const work = (variant: Variant, ...spans: EvidenceSpan[]): VariantWork => ({
    name: 'GET /feed',
    where: 'the API',
    variant,
    spans,
  });
  const reason = (...works: VariantWork[]) => diagnoseCopied(sound, works)?.reason ?? null;

  test('is the attribute on each span; the resource counts, too', () => {
    const onResource = span('GET', { resource: { [UI_VARIANT]: 'B' } });
    assert.equal(
      reason(work('A', span('one', has('A'))), work('B', span('two', has('B')), onResource)),
      null,
    );
  });

  for (const [what, works, wanted] of [
    ['is nothing', [work('A', span('one'))], 'baggage-not-copied'],
    ['is the attribute on some', [work('A', span('one', has('A')), span('two'))], 'baggage-not-copied'],
    ['is another value', [work('A', span('one', has('A')), span('two', has('B')))], 'attribute-wrong-value'],
    [
      'is one value for all',
      [work('A', span('one', has('A'))), work('B', span('two', has('A')))],
      'attribute-hard-coded',
    ],
    ['is true', [work('B', span('one', has(true)))], 'attribute-wrong-value'],
    ['is an object', [work('B', span('one', has({ value: 'B' })))], 'attribute-object'],
    ['is an object as text', [work('B', span('one', has('{"value":"B"}')))], 'attribute-object'],
    [
      'has a name of its own',
      [work('B', span('one', { attributes: { 'murmur.ui_variant': 'B' } }))],
      'attribute-misspelt',
    ],
    [
      'did not arrive',
      [work('B', span('one', { recorded: { attributes: { [UI_VARIANT]: 'B' } } }))],
      'attribute-missing',
    ],
  ] as const) {
    test(`${what}: ${wanted}`, () => assert.equal(reason(...works), wanted));
  }

  test('is nothing: told of one span, of several, and with what a worker needs besides', () => {
    const one = diagnoseCopied(sound, [work('A', span('one'))]);
    assert.match(one?.saw ?? '', /The span that the API made for it does not have the attribute\.$/);
    assert.match(one?.wanted ?? '', / on the span of GET \/feed in the API/);
    const two = diagnoseCopied(sound, [{ ...work('A', span('one'), span('two')), where: 'the worker' }]);
    assert.match(two?.saw ?? '', /None of the 2 spans that the worker made for it has the attribute\.$/);
    assert.match(two?.look ?? '', /the baggage of the message in the context/);
  });

  test('is set too late', () => {
    const late = span('one');
    const [api] = sound.processes;
    const setAfterEnd = [{ spanId: late.spanId, key: UI_VARIANT }];
    const processes = [{ ...api, capture: { ...api?.capture, setAfterEnd } }] as typeof sound.processes;
    const found = diagnoseCopied(evidence({ processes, spans: [late] }), [work('A', late)]);
    assert.equal(found?.reason, 'attribute-set-after-end');
  });

  test('is invented', () => {
    assert.equal(diagnoseInvented('GET /feed', [serverSpan()]), null);
    assert.equal(
      diagnoseInvented('GET /feed', [serverSpan(), span('x', has(''))])?.reason,
      'attribute-unexpected',
    );
  });
});

describe("a stranger's words", () => {
  const strangers = [{ what: 'an address', text: 'tavumo' }];

  test('are on no span, and a variant is one of two', () => {
    assert.equal(diagnoseStrangersWord([serverSpan(has('A')), span('x', has('B'))], strangers), null);
  });

  for (const [what, given] of [
    ['a value', { attributes: { 'user.email': 'TAVUMO@murmur.example' } }],
    ['a key', { attributes: { 'key.tavumo': 1 } }],
    ['a list', { attributes: { 'http.request.header.baggage': ['a=tavumo'] } }],
    ['an event', { events: [{ name: 'x', atMs: 1, attributes: { all: 'tavumo' } }] }],
    ['a link', { links: [{ traceId: 'a', spanId: 'b', attributes: { all: 'tavumo' } }] }],
    ['the name', { name: 'GET tavumo' }],
    ['a variant that Murmur does not have', has('C')],
  ] as const) {
    test(`are found as ${what}`, () => {
      const given_ = given as unknown as Partial<EvidenceSpan>;
      assert.equal(diagnoseStrangersWord([span('x', given_)], strangers)?.reason, 'baggage-too-much');
    });
  }

  test('are in no row', () => {
    assert.equal(diagnoseKept([{ id: '1', row: '{"baggage":"murmur.ui.variant=B"}' }], strangers), null);
    const finding = diagnoseKept([{ id: '7', row: '{"baggage":"x=tavumo"}' }], strangers);
    assert.equal(finding?.reason, 'baggage-too-much');
    assert.match(finding.saw, /row 7 .* an address/);
  });
});

describe('a row of the outbox', () => {
  for (const [row, variant] of [
    ['{"context":{"traceparent":"00-a-b-01","baggage":"murmur.ui.variant=B"}}', 'B'],
    ['{"context":"{\\"baggage\\":\\"murmur.ui.variant=A\\"}"}', 'A'],
    ['{"variant":"A","context":null}', 'A'],
    ['{"payload":{"ui_variant":"B"}}', 'B'],
    ['{"payload":{"postId":"12"},"context":{"traceparent":"00-a-b-01"}}', null],
    ['no JSON', null],
  ] as const) {
    test(`says ${variant}: ${row}`, () => assert.equal(variantInRow(row), variant));
  }

  const message = (row: string, variant: Variant | null): VariantMessage => ({
    id: '1',
    postId: '1',
    row,
    followers: 1,
    variant,
    server: serverSpan(),
    request: 'POST /posts of user 0832',
  });

  test('is without the variant, or has another', () => {
    assert.equal(diagnoseRowVariant(message('{"variant":"A"}', 'A')), null);
    assert.equal(diagnoseRowVariant(message('{}', null)), null);
    assert.equal(diagnoseRowVariant(message('{"context":{}}', 'A'))?.reason, 'baggage-not-sent');
    assert.equal(diagnoseRowVariant(message('{"variant":"B"}', 'A'))?.reason, 'baggage-wrong-value');
  });

  test('of a batch: each link says its own variant', () => {
    const batch = consumer([]);
    const said = (variant: Variant | null, linkValue: unknown) =>
      diagnoseBatchLinks(batch, [{ message: message('{}', variant), linkValue }])?.reason ?? null;
    assert.deepEqual(
      [said('A', 'A'), said(null, undefined), said('A', undefined), said('A', 'B'), said(null, 'A')],
      [null, null, 'baggage-not-copied', 'attribute-wrong-value', 'attribute-unexpected'],
    );
  });

  test('of a batch: the queries are divided as the followers are', () => {
    const batch = consumer([]);
    const messages = [message('{}', 'A'), message('{}', 'B'), message('{}', null)];
    const queries = (...values: (Variant | undefined)[]) =>
      values.map((value) => ({ span: telling(batch), value }));
    const said = (...values: (Variant | undefined)[]) =>
      diagnoseBatchQueries(batch, messages, queries(...values))?.reason ?? null;
    assert.equal(said('A', 'B', undefined), null);
    assert.equal(said('A', undefined, undefined), 'baggage-not-copied');
    assert.equal(said('A', 'A', 'B'), 'attribute-wrong-value');
  });
});

test("a part's messages are those of the driver and those of the page, each with its variant", () => {
  const ofDriver = publish(1);
  const sent = { ...ofDriver.sent, requestHeaders: { baggage: 'murmur.ui.variant=A' } };
  const own = ids(7, 71);
  const { record, client } = traced(
    { method: 'POST', path: '/posts', status: 201, atMs: T0 + 5, baggage: 'murmur.ui.variant=B' },
    own,
  );
  const server = serverSpan({ ...ids(7, 72), parentSpanId: own.spanId, startMs: T0 + 5 });
  const { evidence: driven, part } = delivered([{ ...ofDriver, sent }], [client, server], {
    part: { postIds: ['1', '2'] },
    page: visit().page,
    headers: [record],
  });
  driven.facts.visits = [{ variant: 'B', fromMs: T0, postId: '2' }];
  driven.facts.messages = [ofDriver.row, { id: '2', postId: '2', row: '{}' }];
  const found = variantMessagesOf(driven, part).map(({ postId, variant, server: above }) => [
    postId,
    variant,
    above?.spanId,
  ]);
  assert.deepEqual(found, [
    ['1', 'A', ofDriver.server.spanId],
    ['2', 'B', server.spanId],
  ]);
});
