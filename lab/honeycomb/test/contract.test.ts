import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createApi } from '../api.ts';
import type { Client } from '../client.ts';
import { parseDocument } from '../contract/openapi.ts';
import type { RecordedExchange } from '../contract/record.ts';
import { recordAll } from '../contract/scenario.ts';
import { ContractValidator } from '../contract/validate.ts';
import { makeRoot } from './fixtures.ts';

/** Small, with every part that the validator reads. */
const DOCUMENT = {
  openapi: '3.1.0',
  components: {
    securitySchemes: { configuration_key: { type: 'apiKey', name: 'X-Honeycomb-Team', in: 'header' } },
    parameters: { id: { name: 'id', in: 'path', required: true, schema: { type: 'string', minLength: 2 } } },
    schemas: {
      Thing: {
        type: 'object',
        required: ['name'],
        properties: {
          id: { type: 'string', readOnly: true },
          name: { type: 'string', maxLength: 5 },
          parts: {
            type: 'array',
            items: {
              oneOf: [
                {
                  type: 'object',
                  required: ['kind'],
                  properties: { kind: { const: 'a' }, size: { type: 'integer' } },
                },
                {
                  type: 'object',
                  required: ['kind'],
                  properties: { kind: { const: 'b' }, text: { type: 'string' } },
                },
              ],
            },
          },
        },
      },
    },
  },
  paths: {
    '/1/things/{id}': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      put: {
        security: [{ configuration_key: [] }],
        parameters: [{ name: 'deep', in: 'query', required: true, schema: { type: 'boolean' } }],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
        },
        responses: {
          200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
        },
      },
    },
  },
};

const GOOD: RecordedExchange = {
  method: 'PUT',
  path: '/1/things/ab',
  query: [['deep', 'true']],
  headers: { 'content-type': 'application/json', 'x-honeycomb-team': '[a key]' },
  body: '{"name":"x","parts":[{"kind":"b","text":"y"}]}',
  hasBody: true,
  response: { status: 200, contentType: 'application/json', body: '{"id":"ab","name":"x"}' },
};

test('a request as the document wants it has no fault; each departure from it has one', () => {
  const validator = new ContractValidator(parseDocument(JSON.stringify(DOCUMENT)));
  const faults = (change: Partial<RecordedExchange>) => validator.validate({ ...GOOD, ...change }).join('; ');
  const answer = (change: Partial<RecordedExchange['response']>) =>
    faults({ response: { ...GOOD.response, ...change } });
  assert.equal(faults({}), '');
  assert.equal(faults({ path: '/1/thing/ab' }), 'the document has no such path');
  assert.equal(faults({ method: 'PATCH' }), 'the document has no PATCH for this path');
  assert.match(faults({ path: '/1/things/a' }), /path parameter id: must NOT have fewer than 2/);
  assert.equal(faults({ query: [] }), 'query parameter deep is missing');
  assert.match(faults({ query: [['deep', '1']] }), /query parameter deep: must be boolean/);
  assert.match(faults({ query: [...GOOD.query, ['depth', '1']] }), /query parameter depth is unknown/);
  assert.match(
    faults({ headers: { 'content-type': 'application/json' } }),
    /no key as the document wants it/,
  );
  assert.match(
    faults({ headers: { ...GOOD.headers, 'content-type': 'text/plain' } }),
    /content type "text\/plain" is not/,
  );
  assert.equal(faults({ hasBody: false, body: null }), 'the body is missing');
  assert.match(faults({ body: '{}' }), /must have required property 'name'/);
  assert.match(faults({ body: '{"name":"too long"}' }), /body\/name: must NOT have more than 5/);
  assert.match(faults({ body: '{"name":"x","nam":"y"}' }), /body\/nam: the document has no such property/);
  assert.match(
    faults({ body: '{"name":"x","parts":[{"kind":"a","sise":1}]}' }),
    /parts\/0\/sise: the document has no such/,
  );
  assert.match(faults({ body: '{"name":"x","id":"ab"}' }), /body\/id: is read only/);
  assert.match(answer({ status: 418 }), /the stand-in answers 418, which the document does not/);
  assert.match(answer({ body: '{}' }), /answer 200 of the stand-in: must have required property 'name'/);
  assert.match(answer({ contentType: 'text/html' }), /as "text\/html", which the document does not/);
});

test('the scenario sends every kind of request that the workshop has', async () => {
  const kinds: RegExp[] = [];
  const note = async (method: string, sent: string) => {
    kinds.push(new RegExp(`^${method} ${sent.replaceAll('ANY', '[^/]+')}$`));
  };
  const api = createApi({ endpoint: '', send: note, json: note } as unknown as Client);
  for (const request of Object.values(api))
    await (request as (...args: unknown[]) => Promise<unknown>)('ANY', 'ANY', {});
  const { exchanges, stopped } = await recordAll();
  assert.equal(stopped, null);
  const sent = exchanges.map((e) => `${e.method} ${e.path}`);
  assert.ok(kinds.length >= 10);
  for (const kind of [...kinds, /^POST \/v1\/traces$/])
    assert.ok(
      sent.some((s) => kind.test(s)),
      `${kind} was not sent`,
    );
});

test('what is recorded holds no key', async () => {
  const text = JSON.stringify(await recordAll());
  assert.ok(text.includes('[a key]'));
  assert.doesNotMatch(text, /hcaik_contract|"contract"/);
});

test('the command: 0 for the document that is kept here, 2 without a usable file, 1 for one that we do not meet', (t) => {
  const contract = (...args: string[]) =>
    spawnSync(process.execPath, [path.join(import.meta.dirname, '..', 'contract.ts'), ...args], {
      encoding: 'utf8',
    });
  const own = contract();
  assert.equal(own.status, 0, own.stdout + own.stderr);
  assert.match(own.stdout, /Clients with the lab\n[\s\S]*ok {4}POST \/1\/query_results/);
  const file = path.join(makeRoot(t), 'openapi.json');
  writeFileSync(file, '{"swagger":"2.0"}');
  assert.equal(contract(file).status, 2);
  writeFileSync(file, JSON.stringify(DOCUMENT));
  const { status, stdout } = contract(file);
  assert.equal(status, 1);
  assert.match(stdout, /FAIL {2}POST \/1\/boards {2}\(1\)\n {6}the document has no such path/);
});
