import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidence, nestSpan, request, serverSpan, span, withCapture } from '@workshop/grader/test/evidence';
import type { Evidence, EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import { diagnoseMissingAttribute } from '../diagnosis/attributes/missing.ts';
import { diagnosePersonalData } from '../diagnosis/attributes/personal-data.ts';
import { diagnoseValue } from '../diagnosis/attributes/value.ts';

const times = ({ startMs, durationMs, userId }: SentRequest) => ({ startMs, durationMs, userId });
const diagnose = (server: EvidenceSpan, others: EvidenceSpan[], given: Partial<Evidence> = {}) => {
  const all = evidence({ spans: [server, ...others], ...given });
  return diagnoseMissingAttribute({
    evidence: all,
    request: { name: 'GET /feed', ...times(request()) },
    target: server,
    targetName: 'GET /feed, the SERVER span',
    spans: all.spans.filter((one) => one.traceId === server.traceId),
    key: 'user.id',
    value: '0832',
    wanted: 'user.id on GET /feed',
    lookAtSpan: 'the README',
  });
};
const user = { 'user.id': '0832' };

test('an attribute on a span further down is named with its distance, and both places are marked', () => {
  const server = serverSpan();
  const controller = nestSpan('FeedController.list', server);
  const handler = nestSpan('list', controller, { attributes: user });
  const failure = diagnose(server, [controller, handler]);
  assert.equal(failure.reason, 'attribute-on-child-span');
  assert.match(failure.saw, /user\.id = "0832" is on list, two spans further down/);
  assert.deepEqual(
    failure.marks?.map((mark) => [mark.spanId, mark.text]),
    [
      [server.spanId, 'MISSING HERE: user.id'],
      [handler.spanId, 'FOUND HERE: user.id = "0832"'],
    ],
  );
});

test('an attribute above the span that should carry it is on the wrong one, not on a child', () => {
  const server = serverSpan({ attributes: user });
  const own = span('rank feed', { parentSpanId: server.spanId });
  assert.equal(diagnose(own, [server]).reason, 'attribute-on-wrong-span');
});

test('an attribute in another trace of the same time is on the wrong span, and that trace is shown, too', () => {
  const other = span('signed in', { traceId: 'other', attributes: user });
  const failure = diagnose(serverSpan(), [other]);
  assert.equal(failure.reason, 'attribute-on-wrong-span');
  assert.deepEqual(
    failure.marks?.map((mark) => mark.traceId),
    ['request', 'other'],
  );
});

test('the traces of other requests are not the learner’s lost span', () => {
  const neighbour = serverSpan({
    traceId: 'neighbour',
    attributes: { ...user, 'user_agent.original': 'murmur-visitor/1.0 (two)' },
  });
  assert.equal(diagnose(serverSpan(), [neighbour]).reason, 'attribute-missing');
});

test('an attribute that another request has is said with its place there, and no other time', () => {
  const missing = serverSpan({
    traceId: 'news',
    attributes: { 'user_agent.original': 'murmur-visitor/1.0 (two)' },
  });
  const sent = [
    request(),
    request({ id: 'two', path: '/notifications', userAgent: 'murmur-visitor/1.0 (two)' }),
  ];
  const foundIn = (server: EvidenceSpan, others: EvidenceSpan[] = [], name = 'GET /notifications') => {
    const all = evidence({ spans: [server, ...others, missing], requests: sent });
    const finding = diagnoseMissingAttribute({
      evidence: all,
      request: { name, ...times(request()), startMs: 5000 },
      target: missing,
      targetName: `${name}, the SERVER span`,
      spans: [missing],
      key: 'user.id',
      value: '0832',
      wanted: `user.id on ${name}`,
      lookAtSpan: 'the README',
    });
    assert.equal(finding.reason, 'attribute-missing');
    return finding;
  };
  const feed = serverSpan();
  const handler = nestSpan('list', nestSpan('FeedController.list', feed), { attributes: user });
  const controller = nestSpan('FeedController.list', feed, { spanId: handler.parentSpanId });
  const onChild = foundIn(feed, [controller, handler]);
  assert.equal(
    onChild.saw,
    'no span of GET /notifications has user.id. GET /feed has user.id = "0832" on list, two spans further down.',
  );
  assert.deepEqual(
    onChild.marks?.map((mark) => [mark.spanId, mark.text]),
    [
      [missing.spanId, 'MISSING HERE: user.id'],
      [handler.spanId, 'FOUND HERE: user.id = "0832"'],
    ],
  );
  const onServer = foundIn(serverSpan({ attributes: user }));
  assert.match(onServer.saw, /GET \/feed has user\.id = "0832" on its SERVER span\.$/);
  assert.doesNotMatch(foundIn(feed).saw, /GET \/feed/, 'no other request has it');
  const alike = foundIn(serverSpan({ attributes: user }), [], 'GET /feed');
  assert.doesNotMatch(alike.saw, /has user\.id = /, 'a request of the same name');
});

test('an attribute that another request has only beside this one strayed there', () => {
  const agent = (id: string) => ({ userAgent: `murmur-visitor/1.0 (${id})` });
  const server = (id: string, attributes: EvidenceSpan['attributes'] = {}) =>
    serverSpan({ traceId: id, attributes: { ...attributes, 'user_agent.original': agent(id).userAgent } });
  const path = '/notifications';
  const reasonOf = (given: { alone: EvidenceSpan['attributes']; besideMs: number }) => {
    const feed = server('feed');
    return diagnoseMissingAttribute({
      evidence: evidence({
        spans: [feed, server('alone', given.alone), server('beside', user)],
        requests: [
          request({ id: 'feed', ...agent('feed') }),
          request({ id: 'alone', path, startMs: 100, durationMs: 20, ...agent('alone') }),
          request({ id: 'beside', path, startMs: given.besideMs, durationMs: 20, ...agent('beside') }),
        ],
      }),
      request: { name: 'GET /feed', ...times(request()) },
      target: feed,
      targetName: 'GET /feed, the SERVER span',
      spans: [feed],
      key: 'user.id',
      value: '0832',
      wanted: 'user.id on GET /feed',
      lookAtSpan: 'the README',
    }).reason;
  };
  assert.equal(reasonOf({ alone: {}, besideMs: 1000 }), 'attribute-on-wrong-span');
  assert.equal(reasonOf({ alone: user, besideMs: 1000 }), 'attribute-missing', 'it has it alone, too');
  assert.equal(reasonOf({ alone: {}, besideMs: 5000 }), 'attribute-missing', 'not at the same time');
});

test('spans that began while nobody asked are forged', () => {
  const during = span('feed', { traceId: 'a', attributes: user });
  const before = span('feed', { traceId: 'b', attributes: user, startMs: 500 });
  assert.equal(diagnose(serverSpan(), [during, before]).reason, 'forged-evidence');
});

test('an attribute on a span that never ended says that it is never exported', () => {
  const open = { ...span('user', { attributes: user }), origin: { process: 'api' } };
  const failure = diagnose(serverSpan(), [], { unended: [open] });
  assert.equal(failure.reason, 'span-never-ended');
  assert.match(failure.saw, /"user", a span of your own that never ended/);
});

test('an attribute that came after the end is told from one that never came', () => {
  const server = serverSpan();
  const late = withCapture(evidence({ spans: [server] }), {
    setAfterEnd: [{ spanId: server.spanId, key: 'user.id' }],
  });
  assert.equal(diagnose(server, [], late).reason, 'attribute-set-after-end');
  const ofAnother = withCapture(evidence({ spans: [server, serverSpan({ spanId: 'x', traceId: 'x' })] }), {
    setAfterEnd: [{ spanId: 'x', key: 'user.id' }],
  });
  assert.equal(diagnose(server, [], { ...ofAnother, spans: ofAnother.spans }).reason, 'attribute-missing');
});

test('an object that OpenTelemetry threw away is found in its own warnings', () => {
  for (const key of ['user.id', 'user']) {
    const dropped = withCapture(evidence({}), {
      diagMessages: [`warn Invalid attribute value set for key: ${key}`],
    });
    assert.equal(diagnose(serverSpan(), [], { processes: dropped.processes }).reason, 'attribute-object');
  }
  const unrelated = withCapture(evidence({}), {
    diagMessages: ['warn Invalid attribute value set for key: murmur.basket'],
  });
  assert.equal(diagnose(serverSpan(), [], { processes: unrelated.processes }).reason, 'attribute-missing');
});

for (const [key, reason] of [
  ['userId', 'attribute-misspelt'],
  ['user_id', 'attribute-misspelt'],
  ['enduser.id', 'attribute-misspelt'],
  ['usre.id', 'attribute-misspelt'],
  ['user.0832', 'attribute-key-unbounded'],
  ['user.id.0832', 'attribute-key-unbounded'],
  ['murmur.region', 'attribute-missing'],
] as const) {
  test(`${key} in place of user.id is ${reason}`, () => {
    const failure = diagnose(serverSpan({ attributes: { [key]: '0832' } }), []);
    assert.equal(failure.reason, reason);
    assert.ok(failure.saw.includes(key), failure.saw);
  });
}

test('an attribute of an event is named as such', () => {
  const server = serverSpan({ events: [{ name: 'signed in', timeMs: 1, attributes: user }] });
  assert.match(diagnose(server, []).saw, /on an event of GET \/feed, "signed in"/);
});

const values = (wanted: string | number, given: unknown, among: unknown[] = [given]) =>
  diagnoseValue(
    'key',
    serverSpan({ attributes: { key: given as never } }),
    wanted,
    among.map((value) => serverSpan({ attributes: { key: value as never } })),
  )?.reason ?? null;

test('a value is right only with its type, and wrong in the way that the evidence proves', () => {
  assert.equal(values('0832', '0832'), null);
  assert.equal(values('0832', 832), 'attribute-wrong-type');
  assert.equal(values(12, '12'), 'attribute-wrong-type');
  assert.equal(values(12, 13, [13, 40]), 'attribute-wrong-value');
  assert.equal(values(12, 13, [13, 13, 13]), 'attribute-hard-coded');
  assert.equal(values(12, 13, [13]), 'attribute-wrong-value', 'one request alone proves nothing');
  assert.equal(values(2, ['4711', '0832']), 'attribute-object');
  assert.equal(values('0832', '[object Object]'), 'attribute-object');
  assert.equal(values('0832', '{"id":"0832"}'), 'attribute-object');
});

const personal = (attributes: object, message?: string) =>
  diagnosePersonalData(
    [
      { what: 'the token', text: 'eyJzdWIi.c2ln', unique: true },
      { what: 'a name', text: 'Ben Adler' },
    ],
    [serverSpan({ attributes: attributes as never, status: { code: 'ERROR', message } })],
  )?.reason ?? null;

test('names and tokens are found as values, inside texts and in the status message', () => {
  assert.equal(personal({ 'user.full_name': 'Ben Adler' }), 'personal-data');
  assert.equal(personal({ greeting: 'hello Ben Adler!' }), 'personal-data');
  assert.equal(personal({ greeting: 'HELLO BEN ADLER' }), 'personal-data', 'whatever its case');
  assert.equal(personal({ authors: ['Ben Adler', 'others'] }), 'personal-data', 'in a list');
  assert.equal(personal({ headers: `Bearer eyJzdWIi.c2ln${' '.repeat(300)}` }), 'personal-data');
  assert.equal(personal({}, 'no session eyJzdWIi.c2ln'), 'personal-data');
  assert.equal(personal({ 'murmur.user': '{"id":"0832"}' }), 'attribute-object');
  assert.equal(personal({ 'murmur.users': '[{"id":"0832"}]' }), 'attribute-object');
  assert.equal(personal({ 'murmur.user': 'user [object Object]' }), 'attribute-object');
});

test('what a library sends to the database, other words and plain attributes are nobody’s secret', () => {
  assert.equal(personal({ 'db.query.text': "SELECT 'Ben Adler'" }), null);
  assert.equal(personal({ city: 'Ben Adlershof' }), null);
  assert.equal(personal({ 'user.id': '0832', 'murmur.filter': '{a}' }), null);
});

test('where another request has the attribute, being under way with others is said only of one that was', () => {
  const other = serverSpan({ traceId: 'other', startMs: 500, durationMs: 50, attributes: user });
  const look = (...requests: SentRequest[]) =>
    diagnose(serverSpan(), [other], { requests: [request(), ...requests] }).look;
  const before = request({ id: 'two', startMs: 490, durationMs: 70 });
  assert.match(look(before), /which requests pass the line/);
  assert.match(look(before, request({ id: 'three', startMs: 1050 })), /others were under way/);
  assert.match(diagnose(serverSpan(), []).look, /does the line that sets it run in this request/);
});

test('a number that nothing was counted into yet is no constant of the code', () => {
  const spans = [1, 2].map(() => span('rank feed', { attributes: { count: 0 } }));
  const first = spans[0] as EvidenceSpan;
  assert.equal(diagnoseValue('count', first, 381, spans)?.reason, 'attribute-wrong-value');
  const nan = spans.map((one) => ({ ...one, attributes: { count: Number.NaN } }));
  const found = diagnoseValue('count', nan[0] as EvidenceSpan, 381, nan);
  assert.equal(found?.reason, 'attribute-wrong-value');
  assert.match(found?.saw ?? '', /is NaN, which is no number/);
  const fixed = spans.map((one) => ({ ...one, attributes: { count: 4 } }));
  assert.equal(diagnoseValue('count', fixed[0] as EvidenceSpan, 381, fixed)?.reason, 'attribute-hard-coded');
});

test('a token is found on a link, too', () => {
  const link = { traceId: 'request', spanId: 'x', attributes: { session: 'Bearer abc.def' } };
  const secret = { what: 'the session token', text: 'abc.def', unique: true };
  const found = diagnosePersonalData([secret], [serverSpan({ links: [link] })]);
  assert.match(found?.saw ?? '', /session of a link on GET \/feed holds the session token/);
});

test('names in a long list are found, one name in a long sentence is not', () => {
  const secrets = ['Iris', 'Ben', 'Ada', 'Otto', 'Rosa'].map((text) => ({
    what: 'the name of a user',
    text,
  }));
  const of = (value: string | string[]) =>
    diagnosePersonalData(secrets, [span('list', { attributes: { 'murmur.followed': value } })])?.reason ??
    null;
  const others = Array.from({ length: 60 }, (_, at) => `nobody${'x'.repeat(at % 5)}`);
  assert.equal(of([...others, 'Iris', 'Ben', 'Ada', 'Otto'].join(', ')), 'personal-data');
  assert.equal(of([...others, 'Iris', 'Ben', 'Ada', 'Otto']), 'personal-data');
  assert.equal(of([...others, 'Ben'].join(' ')), null);
  assert.equal(of('posts of Ben'), 'personal-data');
});
