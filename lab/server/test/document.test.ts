import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Type } from '@sinclair/typebox';
import { encodeTraceRequest } from '@workshop/telemetry';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { sampleSpans } from '../../test/sample-spans.ts';
import { type Lab, startLab } from '../index.ts';

/** Whether the OpenAPI document says the truth: every route is in it, and every answer is as it says. */

type Operation = { responses: Record<string, { content?: { 'application/json'?: { schema: object } } }> };
type Document = { paths: Record<string, Record<string, Operation>> };

let lab: Lab;
let dir: string;
let document: Document;
let traceId: string;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lab-document-'));
  lab = await startLab({
    dir,
    port: 0,
    otlpPort: 0,
    mount: (app) => {
      const schema = { summary: 'One', querystring: Type.Object({ n: Type.Integer() }) };
      app.get('/api/mounted', { schema }, async ({ query }) => ({ n: query.n + 1 }));
    },
  });
  const spans = sampleSpans({ requests: 60, endMs: Date.now() });
  traceId = spans[0]?.traceId as string;
  await fetch(`${lab.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: encodeTraceRequest(spans, 'protobuf'),
  });
  document = (await (await fetch(`${lab.url}/api/openapi.json`)).json()) as Document;
});
after(async () => {
  await lab.close();
  await rm(dir, { recursive: true, force: true });
});

const bodies: Record<string, object> = {
  '/api/query': { breakdowns: ['user.id'], calculations: [{ op: 'COUNT' }] },
  '/api/query-history': { query: {} },
  '/api/compare-selection': { query: {}, selection: { filters: [{ column: 'error', op: 'exists' }] } },
};
/** They are no JSON, or the document itself. */
const unlike = ['/api/events', '/api/openapi.json', '/api/mounted'];

test('the document has every route, those that were mounted too', () => {
  const routes = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
  assert.deepEqual(routes.sort(), [
    'get /api/columns',
    'get /api/events',
    'get /api/events/since',
    'get /api/health',
    'get /api/mounted',
    'get /api/openapi.json',
    'get /api/query-history',
    'get /api/saved-queries',
    'get /api/service-graph',
    'get /api/slos',
    'get /api/traces',
    'get /api/traces/{a}/compare/{b}',
    'get /api/traces/{id}',
    'get /api/traces/{id}/critical-path',
    'get /api/traces/{id}/export',
    'post /api/compare-selection',
    'post /api/distributions',
    'post /api/query',
    'post /api/query-history',
    'post /api/traces/import',
  ]);
});

test('a mounted route is validated as the others are', async () => {
  assert.deepEqual(await (await fetch(`${lab.url}/api/mounted?n=1`)).json(), { n: 2 });
  const refused = await fetch(`${lab.url}/api/mounted?n=x`);
  assert.equal(((await refused.json()) as { detail: string }).detail, 'n: "x" is no whole number');
});

test('every answer is what the document says, and has nothing else', async () => {
  for (const [path, item] of Object.entries(document.paths)) {
    if (unlike.includes(path)) continue;
    for (const [method, operation] of Object.entries(item)) {
      const answer = await fetch(lab.url + path.replace(/\{(id|a|b)\}/g, traceId), {
        method: method.toUpperCase(),
        ...(method === 'post' && {
          headers: {
            'content-type': 'application/json',
            'x-murmur-lab': '1',
            origin: lab.url,
          },
          body: JSON.stringify(bodies[path] ?? {}),
        }),
      });
      assert.equal(answer.status, 200, `${method} ${path}`);
      assert.deepEqual(breaches(schemaOf(operation, '200'), await answer.json()), [], `${method} ${path}`);
    }
  }
});

test('every refusal is what the document says', async () => {
  for (const [path, status] of [
    ['/api/traces/ffff', '404'],
    ['/api/traces/xyz', '422'],
  ] as const) {
    const answer = await fetch(lab.url + path);
    assert.equal(String(answer.status), status);
    const operation = document.paths['/api/traces/{id}']?.get as Operation;
    assert.deepEqual(breaches(schemaOf(operation, status), await answer.json()), []);
  }
});

function schemaOf(operation: Operation, status: string): object {
  const schema = operation.responses[status]?.content?.['application/json']?.schema;
  assert.ok(schema, `no schema for ${status}`);
  return schema;
}

/** What an answer has that its schema does not know counts as a breach, too. */
function breaches(schema: object, answer: unknown): string[] {
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile(closed(schema) as object);
  validate(answer);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)]);
  const copy = Object.fromEntries(entries) as Record<string, unknown>;
  return 'properties' in copy ? { unevaluatedProperties: false, ...copy } : copy;
}
