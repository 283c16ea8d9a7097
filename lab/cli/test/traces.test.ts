import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Span } from '@workshop/telemetry';
import { type Lab, startLab } from '../../server/index.ts';
import { sampleSpans } from '../../test/sample-spans.ts';

const SCRIPT = fileURLToPath(new URL('../main.ts', import.meta.url));
const NOW = Date.now();

let lab: Lab;
let dir: string;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lab-traces-'));
  lab = await startLab({ dir: join(dir, 'data'), port: 0, otlpPort: 0 });
  await lab.store.write([
    ...sampleSpans({ requests: 20, endMs: NOW - 10_000 }),
    ...pageVisit(),
    ...failedSearch(),
    single('Create Nest App', 'c', 1_000),
    single('pg.connect', 'd', 900),
  ]);
});
after(async () => {
  await lab.close();
  await rm(dir, { recursive: true, force: true });
});

function span(shape: Partial<Span> & { traceId: string; spanId: string; name: string }): Span {
  return {
    kind: 'INTERNAL',
    startMs: NOW - 5_000,
    durationMs: 10,
    status: { code: 'UNSET' },
    attributes: {},
    events: [],
    links: [],
    resource: { 'service.name': 'murmur-api' },
    scope: { name: 'murmur.test' },
    ...shape,
  };
}

/** A span that belongs to no request, as Nest makes one while it starts. */
function single(name: string, letter: string, agoMs: number): Span {
  return span({ traceId: letter.repeat(32), spanId: letter.repeat(16), name, startMs: NOW - agoMs });
}

/** The page's call, and the API's end of it, which alone knows the user. */
function pageVisit(): Span[] {
  const traceId = 'a'.repeat(32);
  const method = { 'http.request.method': 'GET' };
  const [call, served] = ['a'.repeat(16), 'b'.repeat(16)] as const;
  const web = { 'service.name': 'murmur-web' };
  const url = 'http://localhost:3000/notifications?unread';
  return [
    span({
      traceId,
      spanId: call,
      name: 'GET',
      kind: 'CLIENT',
      resource: web,
      attributes: { ...method, 'url.full': url },
    }),
    span({
      traceId,
      spanId: served,
      parentSpanId: call,
      name: 'GET /notifications',
      kind: 'SERVER',
      attributes: {
        ...method,
        'http.route': '/notifications',
        'url.path': '/notifications',
        'user.id': '0984',
      },
    }),
  ];
}

/** With an exception event, and a name that a terminal would obey. */
function failedSearch(): Span[] {
  const traceId = 'b'.repeat(32);
  const request = { 'http.request.method': 'GET', 'http.route': '/search', 'url.path': '/search' };
  const startMs = NOW - 4_000;
  return [
    span({
      traceId,
      spanId: '1'.repeat(16),
      name: 'GET /search',
      kind: 'SERVER',
      startMs,
      attributes: request,
    }),
    span({
      traceId,
      spanId: '2'.repeat(16),
      parentSpanId: '1'.repeat(16),
      name: 'search posts',
      startMs,
      status: { code: 'ERROR', message: 'too slow' },
      attributes: { 'error.type': '57014', 'search.rows': 0, odd: '\u001b[31mred\u202e' },
      events: [
        {
          name: 'exception',
          timeMs: startMs + 8,
          attributes: { 'exception.type': '57014', 'exception.stacktrace': 'Error: too slow\n    at search' },
        },
      ],
    }),
  ];
}

/** Runs a command against the lab of this test. */
function run(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, LAB_URL: lab.url };
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, ...words], { cwd: dir, env }, (error, stdout, stderr) =>
      resolve({
        code: error ? Number(error.code ?? 1) : 0,
        stdout: stdout.trimEnd(),
        stderr: stderr.trimEnd(),
      }),
    );
  });
}

test('traces: user and path of each, no spans of a start, and a request to look at next', async () => {
  const { stdout } = await run('traces', '--limit', '3');
  const [head = '', ...lines] = stdout.split('\n');
  assert.match(head, /^began +trace +name +user +service +spans +errors +took$/);
  assert.match(lines[0] ?? '', /bbbbbbbb {2}GET \/search +murmur-api +2 +1 +10 ms$/);
  assert.match(lines[1] ?? '', /aaaaaaaa {2}GET \/notifications +0984 +murmur-web +2 +10 ms$/);
  assert.match(lines[2] ?? '', /GET \/feed +1019 +murmur-api +4/);
  assert.deepEqual(lines.slice(3), [
    '',
    'One of them as a picture: npm run trace -- bbbbbbbb',
    '',
    '2 single spans without a request are not listed: pg.connect, Create Nest App.',
    'See them with --all.',
  ]);
  const all = await run('traces', '--all', '--limit', '3');
  assert.match(all.stdout, /pg\.connect.*Create Nest App.*npm run trace -- bbbbbbbb$/s);
  assert.deepEqual(
    [stdout, all.stdout].flatMap((text) => text.split('\n')).filter((line) => line.length > 80),
    [],
  );
});

test('traces: of a user, of a route, the slowest first', async () => {
  const names = async (...words: string[]): Promise<string[]> =>
    (JSON.parse((await run('traces', '--json', ...words)).stdout) as { name: string; userId: string }[]).map(
      ({ name, userId }) => `${name} ${userId}`,
    );
  assert.deepEqual(await names('--user', '0984'), ['GET 0984']);
  assert.deepEqual(await names('--route', '/notifications'), ['GET 0984']);
  assert.deepEqual(await names('--route', 'post /notifications'), []);
  assert.equal((await names('--route', 'GET /feed', '--limit', '50')).length, 20);
  const slow = await run('traces', '--slow', '--limit', '2');
  assert.match(slow.stdout, /GET \/feed +1000 +4 +820 ms\n/);
});

test('traces: why nothing is found, and what there is', async () => {
  const said = async (...words: string[]) => (await run('traces', ...words)).stdout.replaceAll('\n', ' ');
  assert.equal(
    await said('--service', 'nobody'),
    'No trace has a span of nobody. The services here are murmur-api, murmur-web.',
  );
  assert.match(
    await said('--route', '/fed'),
    /^No trace is like that\. The newest requests here went to \/search, \/notifications, \/feed\.$/,
  );
  assert.match(await said('--user', 'nobody'), /The user\.id of the newest ones: 0984, 1019, /);
  const wrong = await run('traces', '--limit', 'abc');
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /'abc' is invalid\. It is not a whole number above 0\./);
});

test('trace: the newest request without an id, or the one that is meant', async () => {
  const newest = await run('trace');
  assert.match(newest.stdout, /^ {2}trace bbbbbbbb {3}GET \/search /);
  assert.match(newest.stdout, /\n\nWhat stands on its spans: npm run trace -- bbbbbbbb --attributes$/);
  assert.match(
    (await run('trace', '--route', '/notifications')).stdout,
    /GET \/notifications, user\.id 0984 /,
  );
  assert.match((await run('trace', '--slow')).stdout, /GET \/feed, user\.id 1000 /);
  const none = await run('trace', '--route', '/fed');
  assert.deepEqual([none.code, none.stdout], [1, '']);
  assert.match(none.stderr, /^No trace is like that\./);
  assert.equal((await run('trace', 'bbbb', '--slow')).code, 2);
});

test('trace --attributes: each span with attributes, status and events; what says the same, once', async () => {
  const { stdout } = await run('trace', 'bbbb', '--span', 'search posts');
  assert.deepEqual(stdout.split('\n'), [
    'trace bbbbbbbb',
    '',
    'search posts   INTERNAL   10 ms   murmur-api',
    '  error.type   "57014"',
    '  odd          "\\u{1b}[31mred\\u{202e}"',
    '  search.rows  0',
    '  status  ERROR, "too slow"',
    '  event exception, 8 ms after its start',
    '    exception.stacktrace  "Error: too slow at search"',
    '    exception.type        "57014"',
    '  (made by murmur.test)',
  ]);
  const feed = await run('trace', '--route', '/feed', '--attributes');
  assert.match(
    feed.stdout,
    /\nGET \/feed {3}SERVER {3}\d+ ms {3}murmur-api\n {2}http\.request\.method +"GET"\n/,
  );
  assert.match(feed.stdout, /\npg\.query:SELECT murmur x 3 {3}CLIENT {3}12 ms/);
  assert.match(
    feed.stdout,
    /\n\nresource of murmur-api\n {2}process\.pid +4711\n {2}service\.name +"murmur-api"$/,
  );
  const part = await run('trace', 'bbbb', '--span', 'SEARCH');
  assert.match(part.stdout, /^trace bbbbbbbb\n\nGET \/search .*\nsearch posts /s);
  const none = await run('trace', 'bbbb', '--span', 'rank feed');
  assert.deepEqual(
    [none.code, none.stderr],
    [1, 'No span of trace bbbbbbbb is called "rank feed".\nThere are GET /search, search posts.'],
  );
});
