import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidence, nestSpan, query, request, serverSpan, span } from '@workshop/grader/test/evidence';
import type { Evidence, EvidenceSpan } from '../../evidence/index.ts';
import { diagnoseErrorTypes } from '../diagnosis/errors/error-type.ts';
import { diagnoseErrorTypeOfOther } from '../diagnosis/errors/error-type-of-other.ts';
import { diagnoseHiddenFailure } from '../diagnosis/errors/hidden-failure.ts';
import { diagnoseServerFailure } from '../diagnosis/errors/server-failure.ts';
import { diagnoseSharedMessage } from '../diagnosis/errors/shared-message.ts';
import { isOwnScope } from '../diagnosis/spans/own-scope.ts';

const sent = request({ status: 500 });
const failed = { code: 'ERROR', message: 'it broke' } as const;
const server = (status: EvidenceSpan['status'], others: EvidenceSpan[] = []) => {
  const own = serverSpan({ status });
  return diagnoseServerFailure(own, [own, ...others], sent)?.reason ?? null;
};

test('a 500 is told on the SERVER span with status and message', () => {
  assert.equal(server(failed), null);
  assert.equal(server({ code: 'UNSET' }), 'error-status-missing');
  assert.equal(server({ code: 'OK' }), 'error-status-overridden');
  assert.equal(server({ code: 'ERROR' }), 'error-message-missing');
  assert.equal(server({ code: 'ERROR', message: ' ' }), 'error-message-missing');
});

test('a message that only repeats the 500 is none, a short one of the error is', () => {
  for (const message of [
    'Internal Server Error',
    'internal server error.',
    '500',
    'HTTP 500 Internal Server Error',
    'Error',
  ])
    assert.equal(server({ code: 'ERROR', message }), 'error-message-missing', message);
  for (const message of ['liked already', 'Error: duplicate key value', 'error 23505', 'failed to like'])
    assert.equal(server({ code: 'ERROR', message }), null, message);
});

test('where another failure has its message, that one is named', () => {
  const other = request({ status: 500, method: 'POST', path: '/posts/7/likes' });
  const own = serverSpan({ status: { code: 'ERROR' } });
  const saw = (told?: typeof other) => diagnoseServerFailure(own, [own], sent, told)?.saw ?? '';
  assert.match(saw(other), /without a message\. That of POST \/posts\/7\/likes/);
  assert.doesNotMatch(saw(), /That of/);
});

test('a plain Error may say its class, and a code that is not there says nothing', () => {
  const reason = (type: string, plainError: boolean) =>
    diagnoseErrorTypes([serverSpan({ attributes: { 'error.type': type } })], { plainError })?.reason ?? null;
  assert.equal(reason('Error', true), null);
  assert.equal(reason('Error', false), 'attribute-wrong-value');
  for (const type of ['undefined', 'null', '[object Object]', 'error'])
    assert.equal(reason(type, true), 'attribute-wrong-value', type);
});

test('a message on an own span is on the wrong one, Nest’s red spans count for nothing', () => {
  const nest = nestSpan('create', serverSpan(), { status: failed });
  assert.equal(server({ code: 'ERROR' }, [nest]), 'error-message-missing');
  assert.equal(server({ code: 'ERROR' }, [span('add like', { status: failed })]), 'error-on-wrong-span');
  assert.equal(server({ code: 'UNSET' }, [span('add like', { status: failed })]), 'error-on-wrong-span');
  assert.equal(server(failed, [nest, span('add like', { status: failed })]), null);
});

const hidden = (own: EvidenceSpan[], libraries: EvidenceSpan[] = [], given: Partial<Evidence> = {}) => {
  const top = own.find((one) => one.kind === 'SERVER') ?? serverSpan();
  const spans = [...new Set([top, ...own, ...libraries])];
  const found = diagnoseHiddenFailure({
    evidence: evidence({ spans, ...given }),
    sent: request({ path: '/search?q=x' }),
    server: top,
    own: spans.filter((one) => one === top || isOwnScope(one)),
    spans,
  });
  return 'reason' in found ? found.reason : found.name;
};
const type = { 'error.type': '57014' };
const event = { name: 'exception', timeMs: 1000, attributes: { 'exception.message': 'canceled' } };

test('a hidden failure is told by one own span, or the SERVER span, in full', () => {
  assert.equal(hidden([span('search posts', { status: failed, attributes: type })]), 'search posts');
  assert.equal(hidden([serverSpan({ status: failed, attributes: type })]), 'GET /feed');
});

test('one whole span is enough, whatever other spans tell in part', () => {
  const half = span('outer', { status: { code: 'ERROR' } });
  assert.equal(hidden([half, span('inner', { status: failed, attributes: type })]), 'inner');
});

test('each missing part has its reason', () => {
  const own = (given: Partial<EvidenceSpan>) => hidden([span('search posts', given)]);
  assert.equal(own({}), 'error-not-recorded');
  assert.equal(own({ events: [event] }), 'error-status-missing');
  assert.equal(own({ attributes: type }), 'error-status-missing');
  assert.equal(own({ status: { code: 'OK' } }), 'error-status-overridden');
  assert.equal(own({ status: { code: 'OK' }, attributes: type }), 'error-status-overridden');
  assert.equal(own({ status: { code: 'ERROR' }, attributes: type }), 'error-message-missing');
  assert.equal(own({ status: failed }), 'error-type-missing');
  assert.equal(own({ status: failed, attributes: { 'error.type': 'Error' } }), 'attribute-wrong-value');
});

test('a failed query alone tells nobody, a marked library span is the wrong one, an open span never arrives', () => {
  const top = serverSpan();
  const statement = { ...query(top, 1000, 5), status: failed };
  assert.equal(hidden([top], [statement]), 'error-not-recorded');
  assert.equal(hidden([top], [statement, nestSpan('find', top, { status: failed })]), 'error-on-wrong-span');
  const open = { ...span('search posts'), origin: { process: 'api' } };
  assert.equal(hidden([top], [statement], { unended: [open] }), 'span-not-ended-on-error');
  const openElsewhere = { ...open, traceId: 'other' };
  assert.equal(hidden([top], [statement], { unended: [openElsewhere] }), 'error-not-recorded');
});

const types = (...given: (string | number | undefined)[]) =>
  diagnoseErrorTypes(
    given.map((value) => serverSpan({ attributes: value === undefined ? {} : { 'error.type': value } })),
  )?.reason ?? null;

test('error.type names a kind of error, the same for like failures', () => {
  assert.equal(types('23505', '23505'), null);
  assert.equal(types('DatabaseError'), null);
  assert.equal(types(undefined), 'error-type-missing');
  for (const empty of ['', 'Error', '500', 'exception', 500, 'duplicate key value violates a constraint'])
    assert.equal(types(empty), 'attribute-wrong-value', String(empty));
  assert.equal(types('23505:17', '23505:18'), 'attribute-wrong-value');
});

test('an error.type under another name is named', () => {
  const found = diagnoseErrorTypes([serverSpan({ attributes: { error_type: '23505' } })]);
  assert.match(found?.saw ?? '', /It has error_type\./);
});

const failedWith = (code: string, errorType: string) => {
  const top = serverSpan({ attributes: { 'error.type': errorType } });
  const exception = { name: 'exception', timeMs: 1, attributes: { 'exception.type': code } };
  return {
    sent: request({ method: 'POST', path: '/posts/7/likes' }),
    spans: [top, { ...query(top, 1000, 5), events: [exception] }],
  };
};
const otherType = (type: string, own = '57014') => {
  const failure = failedWith(own, type);
  return (
    diagnoseErrorTypeOfOther(failure.spans[0] as EvidenceSpan, failure, failedWith('23505', type))?.reason ??
    null
  );
};

test('an error.type is of its own failure: not the code of another, and not one number for two codes', () => {
  assert.equal(otherType('57014'), null);
  assert.equal(otherType('DatabaseError'), null, 'a class may be the same for both');
  assert.equal(otherType('23505'), 'attribute-wrong-value');
  assert.equal(otherType('4711'), 'attribute-hard-coded');
  assert.equal(otherType('4711', '23505'), null, 'the same failure twice');
});

const toldWith = (code: string, message?: string) => {
  const { sent: failing, spans } = failedWith(code, code);
  const told = { ...(spans[0] as EvidenceSpan), status: { code: 'ERROR' as const, message } };
  return { sent: failing, spans: [told, ...spans.slice(1)], told };
};
const shared = (own: [string, string | undefined], other: [string, string | undefined]) =>
  diagnoseSharedMessage(toldWith(...own), toldWith(...other))?.reason ?? null;

test('one message for two errors of the database is of neither, one for the same error twice is', () => {
  assert.equal(shared(['23505', 'duplicate key'], ['57014', 'canceling statement']), null);
  assert.equal(shared(['23505', 'it broke'], ['57014', 'it broke']), 'error-message-missing');
  assert.equal(shared(['23505', 'duplicate key'], ['23505', 'duplicate key']), null);
  assert.equal(shared(['unknown', 'it broke'], ['57014', 'it broke']), null, 'nothing tells them apart');
  assert.equal(shared(['23505', undefined], ['57014', undefined]), null, 'said by another check');
});
