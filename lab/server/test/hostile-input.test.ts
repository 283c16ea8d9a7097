import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sampleSpans } from '../../test/sample-spans.ts';
import { type Lab, startLab } from '../index.ts';

/** Whatever stands in an address or a body: the lab answers, or says what is wrong; it never fails at it. */

type Parameter = { in: string; name: string };
type Document = { paths: Record<string, { get?: { parameters?: Parameter[] }; post?: object }> };

const faults: string[] = [];
let lab: Lab;
let dir: string;
let document: Document;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lab-hostile-'));
  lab = await startLab({ dir, port: 0, otlpPort: 0, log: (line) => faults.push(line) });
  await lab.store.write(sampleSpans({ requests: 5, endMs: Date.now() }));
  document = (await (await fetch(`${lab.url}/api/openapi.json`)).json()) as Document;
});
after(async () => {
  await lab.close();
  await rm(dir, { recursive: true, force: true });
});

const VALUES = [
  '',
  '%00',
  'a%00b',
  "'; drop table spans; --",
  '"',
  '\\',
  '%',
  '%ED%A0%80',
  '%F0%9F%90%A6',
  '1e308',
  '1e999',
  '-1e308',
  'NaN',
  'Infinity',
  '9007199254740993',
  '99999999999999999999999999999_ffff',
  '-0',
  '$1',
  '[]',
  '__proto__',
  '__proto__=1',
  'constructor=1',
  `key="${'x'.repeat(900)}"`,
  '%E2%80%AE%1B[31m',
  '../../etc/passwd',
];

test('hostile values in every parameter are answered, or refused by name', async () => {
  for (const [path, { get }] of Object.entries(document.paths)) {
    if (!get || path === '/api/events') continue;
    for (const { in: place, name } of get.parameters ?? [])
      for (const value of VALUES) {
        const filled = place === 'path' ? path.replace(`{${name}}`, value) : `${path}?${name}=${value}`;
        const url = `${lab.url}${filled.replace(/\{\w+\}/g, 'ab')}`;
        const answer = await fetch(url);
        const text = await answer.text();
        assert.ok(answer.status < 500, `${answer.status} at ${url}: ${text}`);
        assert.ok(!/Binder Error|Parser Error|Invalid Input Error|Conversion Error/.test(text), text);
      }
  }
  assert.deepEqual(faults, []);
});

test('hostile bodies, too', async () => {
  const bodies = [
    '',
    'null',
    '[]',
    '7',
    '"x"',
    '{"__proto__":{"limit":1}}',
    '{"limit":1e999}',
    '{"filters":[null]}',
  ];
  const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
  for (const [path, { post }] of Object.entries(document.paths)) {
    if (!post) continue;
    for (const body of [...bodies, deep, '{"query":{"filters":7},"selection":{"filters":[7]}}']) {
      const answer = await fetch(lab.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-murmur-lab': '1', origin: lab.url },
        body,
      });
      const text = await answer.text();
      assert.ok(answer.status < 500, `${answer.status} at ${path} with ${body.slice(0, 60)}: ${text}`);
    }
  }
  assert.deepEqual(faults, []);
});
