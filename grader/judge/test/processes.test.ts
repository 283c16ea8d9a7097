import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidence, request } from '@workshop/grader/test/evidence';
import type { ProcessRecord, SentRequest } from '../../evidence/index.ts';
import { diagnoseProcesses } from '../diagnosis/program/requests.ts';

const [running] = evidence({}).processes as [ProcessRecord];

const found = (given: Partial<ProcessRecord>, requests: SentRequest[] = [request()]) =>
  diagnoseProcesses(evidence({ processes: [{ ...running, ...given }], requests }));

const exited = (code: number | null, signal: string | null = null): Partial<ProcessRecord> => ({
  ended: 'exited',
  exit: { code, signal, afterMs: 2500 },
});

test('a process that runs, or that the grader stopped, is no finding', () => {
  assert.equal(found({}), null);
  assert.equal(found({ ended: 'stopped', exit: { code: 1, signal: null, afterMs: 9000 } }), null);
});

test('a process that ended by itself in the run is always said, whether requests were answered or not', () => {
  const answered = found(exited(1));
  assert.equal(answered?.reason, 'exited-early');
  assert.match(answered?.saw ?? '', /ended by itself while it answered requests, with exit code 1\.$/);
  const open = found(exited(null, 'SIGSEGV'), [
    request(),
    request({ status: null, error: 'socket hang up' }),
  ]);
  assert.match(open?.saw ?? '', /with signal SIGSEGV\. GET \/feed got no answer\.$/);
});

test('an end that only the capture saw is said with the last request before it, though the script went on', () => {
  const end = {
    process: 'api',
    pid: 7,
    code: 1,
    signal: null,
    atMs: 2000,
    scriptOver: false,
    after: { id: 'one', label: 'double like', method: 'POST', path: '/posts/7/likes' },
    output: 'Error: nobody caught this\n    at app-backend/src/likes/likes.service.ts:12:3\n',
  };
  const finding = diagnoseProcesses(evidence({ ends: [end] }));
  assert.equal(finding?.reason, 'exited-early');
  assert.match(
    finding?.saw ?? '',
    /exit code 1\. The last request before that was POST \/posts\/7\/likes\.$/,
  );
  assert.match(finding?.look ?? '', /^app-backend\/src\/likes\/likes\.service\.ts:12/);
});

const atStart = (output: string) => found({ ...exited(1), readyAfterMs: null, output })?.reason;

for (const [output, reason] of [
  ['SyntaxError: missing ) after argument list', 'syntax-error'],
  ['Error: x Expected ",", got "}"\n  1 | const', 'syntax-error'],
  [
    'SyntaxError: Unexpected token } in JSON at position 4\n    at JSON.parse (<anonymous>)',
    'crashed-at-start',
  ],
  [`SyntaxError: "{a}" is not valid JSON\n    at JSON.parse (<anonymous>)`, 'crashed-at-start'],
  ['SyntaxError: Invalid regular expression: /(/\n    at new RegExp (<anonymous>)', 'crashed-at-start'],
  ['TypeError: x is not a function', 'crashed-at-start'],
] as const) {
  test(`a start that ends with "${output.split('\n')[0]}" is ${reason}`, () => {
    assert.equal(atStart(output), reason);
  });
}

/** The worker has no port: what is said of one that listens must not be said of it. */
const worker = (given: Partial<ProcessRecord>) =>
  diagnoseProcesses(
    evidence({
      processes: [running, { ...running, name: 'worker', askedPort: null, listening: [], ...given }],
    }),
  );

for (const [what, given, reason, saw] of [
  [
    'crashes at start',
    { ...exited(1), output: 'TypeError: x is not a function' },
    'crashed-at-start',
    /^the worker ended .* before it waited for messages\.$/,
  ],
  [
    'ends at once with 0',
    exited(0),
    'exited-early',
    /^the worker ended by itself .* before it waited for messages\.$/,
  ],
  [
    'never asks for messages',
    { ended: 'start-timeout' },
    'worker-not-running',
    /^the worker runs, but it never asked the database for messages/,
  ],
  ['has no script', { ...exited(1), script: '' }, 'worker-not-running', /has no script "start:worker"\.$/],
  [
    'hangs',
    { ended: 'start-timeout', capture: null },
    'start-timeout',
    /^the worker was still busy starting .* never waited for messages/,
  ],
] as const) {
  test(`a worker that ${what} is told of in its own words`, () => {
    const finding = worker({ readyAfterMs: null, ...given });
    assert.equal(finding?.reason, reason);
    assert.match(finding?.saw ?? '', saw);
    assert.equal(finding?.wanted, 'the worker starts and waits for messages.');
    assert.doesNotMatch(JSON.stringify(finding), /listen|PORT/);
  });
}

test('a worker that ended in the run did not answer requests', () => {
  const finding = worker(exited(4));
  assert.equal(finding?.reason, 'exited-early');
  assert.match(
    finding?.saw ?? '',
    /^the worker ended by itself while it worked on messages, with exit code 4\./,
  );
});
