import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { span } from '@workshop/grader/test/evidence';
import type { EvidenceSpan } from '../../evidence/index.ts';
import { diagnoseLeaks } from '../diagnosis/secrets/exported.ts';
import { diagnoseNoLongerTold, diagnoseTooMuch } from '../diagnosis/secrets/too-much.ts';
import { formsOf, textsOf } from '../joins/index.ts';

const SECRET = 'golimatoburitane';
const secrets = [{ what: 'a token', text: SECRET }];
const ALL = ['attribute', 'event', 'other'] as const;
const leakIn = (given: Partial<EvidenceSpan>, parts: readonly (typeof ALL)[number][] = ALL) =>
  diagnoseLeaks([span(given.name ?? 'charge card', given)], secrets, parts);

describe('a secret is found in each place of a span, and the place is named', () => {
  const event = (attributes: EvidenceSpan['attributes'], name = 'exception') => ({
    events: [{ name, timeMs: 1, attributes }],
  });
  const link = { traceId: 'a', spanId: 'b' };
  for (const [where, given, part] of [
    ['the attribute url.query', { attributes: { 'url.query': `?token=${SECRET}` } }, 'attribute'],
    [
      'the attribute http.request.header.cookie',
      { attributes: { 'http.request.header.cookie': ['a', SECRET] } },
      'attribute',
    ],
    [`the name of the attribute token.${SECRET}`, { attributes: { [`token.${SECRET}`]: 1 } }, 'attribute'],
    [
      "the resource's process.command_args",
      { resource: { 'process.command_args': ['--token', SECRET] } },
      'attribute',
    ],
    ['the message of an exception', event({ 'exception.message': SECRET }), 'event'],
    ['the stack trace of an exception', event({ 'exception.stacktrace': `Error\n at ${SECRET}` }), 'event'],
    ['message, an attribute of the event "log"', event({ message: SECRET }, 'log'), 'event'],
    ['the name of an event', event({}, SECRET), 'event'],
    [
      'authorization, an attribute of a link',
      { links: [{ ...link, attributes: { authorization: SECRET } }] },
      'other',
    ],
    ['the message of the status', { status: { code: 'ERROR', message: SECRET } }, 'other'],
    ['the name of the span', { name: `GET /a?token=${SECRET}` }, 'other'],
    ['the trace state', { traceState: `vendor=${SECRET}` }, 'other'],
  ] as const)
    test(where.replace(SECRET, '...'), () => {
      const found = leakIn(given as Partial<EvidenceSpan>);
      assert.equal(found?.reason, 'secret-exported');
      assert.ok(found?.seen?.[0]?.text.startsWith(where));
      for (const one of ALL)
        assert.equal(leakIn(given as Partial<EvidenceSpan>, [one]) !== null, one === part, one);
    });
});

test('what can be read back is no redaction, and what cannot is', () => {
  const withQuery = (text: string) => leakIn({ attributes: { 'url.query': `token=${text}` } });
  for (const { form, text } of formsOf(SECRET)) assert.ok(withQuery(text), form);
  assert.ok(withQuery('%67olimatoburitane'), 'with percent signs');
  for (const text of ['[hidden]', '', 'goli', SECRET.length.toString(), 'a94a8fe5ccb19ba6'])
    assert.equal(withQuery(text), null, text);
  assert.equal(withQuery('%E0%A4%A'), null, 'a percent sign that stands for nothing');
});

test('a message shows the place and never the secret', () => {
  const found = leakIn({ name: `GET /${SECRET}`, attributes: { 'url.query': `lang=en&token=${SECRET}` } });
  assert.ok(!JSON.stringify({ ...found, marks: [] }).includes(SECRET));
  assert.match(found?.saw ?? '', /token=goli\[cut\]/);
  assert.match(found?.saw ?? '', /Also in the name of the span/);
});

test('odd values of attributes have texts, too, or none', () => {
  const texts = (value: unknown) =>
    textsOf(span('one', { attributes: { odd: value } as never }))
      .filter(({ where }) => where === 'the attribute odd')
      .map(({ text }) => text);
  assert.deepEqual(texts({ deep: { er: ['a'] } }), ['a']);
  for (const value of [null, undefined, 4, true, Number.NaN]) assert.deepEqual(texts(value), []);
});

describe('what holds no secret', () => {
  const needed = { 'url.path': '/cards', 'gen_ai.usage.input_tokens': 812, accept: ['a', 'b'] };
  const event = { name: 'exception', attributes: { 'exception.type': 'CardRefused' } };
  const lost = (given: Partial<EvidenceSpan>) =>
    diagnoseTooMuch([{ span: span('charge', given), attributes: needed, event }])?.saw ?? null;
  const events = [
    { name: 'exception', timeMs: 1, attributes: { ...event.attributes, 'exception.message': 'x' } },
  ];

  test('may have more beside it', () => {
    assert.equal(lost({ attributes: { ...needed, more: 1 }, events }), null);
  });
  test('is gone, or is another value', () => {
    assert.match(
      lost({ attributes: { ...needed, 'url.path': undefined } as never, events }) ?? '',
      /did not arrive/,
    );
    const asText = { ...needed, 'gen_ai.usage.input_tokens': '812' };
    assert.match(
      lost({ attributes: asText, events }) ?? '',
      /What arrived is gen_ai.usage.input_tokens = "812"/,
    );
  });
  test('is gone with its event', () => {
    assert.match(lost({ attributes: needed }) ?? '', /event "exception" .* is gone/);
    const other = [{ ...events[0], attributes: {} }] as EvidenceSpan['events'];
    assert.match(lost({ attributes: needed, events: other }) ?? '', /of the event "exception"/);
  });
  test('is gone with its name', () => {
    const saw = (name?: string) =>
      diagnoseTooMuch([{ span: span(''), ...(name && { name }), attributes: {}, event: null }])?.saw;
    assert.match(saw('charge') ?? '', /made the span "charge", .* arrived as ""/);
    assert.equal(saw(), undefined);
  });

  test('a failure that arrives as none', () => {
    const saw = (code: 'ERROR' | 'UNSET', failed: boolean) =>
      diagnoseTooMuch([{ span: span('charge', { status: { code } }), attributes: {}, event: null, failed }])
        ?.saw;
    assert.match(saw('UNSET', true) ?? '', /"charge" failed, and its status arrived as UNSET/);
    assert.equal(saw('ERROR', true), undefined);
    assert.equal(saw('UNSET', false), undefined);
  });

  test('is gone with its link', () => {
    const link = { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) };
    const linked = (links: EvidenceSpan['links']) =>
      diagnoseTooMuch([{ span: span('charge', { links }), attributes: {}, event: null, link }])?.saw ?? null;
    assert.equal(linked([{ ...link, attributes: {} }]), null);
    assert.match(linked([]) ?? '', /the link did not arrive/);
    assert.match(linked([{ ...link, spanId: 'e'.repeat(16), attributes: {} }]) ?? '', /did not arrive/);
  });
  test("is the id of a message, and that its work failed, on the worker's own spans", () => {
    const attributes = { 'messaging.message.id': '17' };
    const told = (given: Partial<EvidenceSpan>) =>
      diagnoseNoLongerTold('17', [span('process outbox', given)])?.saw ?? null;
    assert.equal(told({ attributes }), null);
    assert.equal(told({ attributes: { ...attributes, more: 'x' }, recorded: { attributes } }), null);
    assert.match(told({ recorded: { attributes } }) ?? '', /"17" was on .* It did not arrive/);
    const error = { code: 'ERROR', message: 'token=[hidden]' } as const;
    assert.equal(told({ attributes, status: error, recorded: { status: error } }), null);
    assert.match(
      told({ attributes, status: { code: 'UNSET' }, recorded: { status: error } }) ?? '',
      /its status arrived as UNSET/,
    );
  });
});
