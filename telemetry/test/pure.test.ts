import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const ROOM = path.join(import.meta.dirname, '..');

/** All files that a file of this room imports, itself included, and what it imports from outside. */
function reach(start: string): { files: Set<string>; outside: Set<string> } {
  const files = new Set<string>();
  const outside = new Set<string>();
  const open = [path.join(ROOM, start)];
  for (let file = open.pop(); file; file = open.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const [, target] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)[^;]*?from '([^']+)';/gms,
    )) {
      if (target!.startsWith('.')) open.push(path.join(path.dirname(file), target!));
      else outside.add(target!);
    }
  }
  return { files, outside };
}

for (const [door, least] of [
  ['pure.ts', 10],
  ['otlp-json.ts', 5],
] as const) {
  test(`the door ${door} needs nothing from outside this room`, () => {
    const { files, outside } = reach(door);
    assert.deepEqual([...outside], []);
    assert.ok(files.size > least, 'the imports were found');
  });
}

test('the main door can be compiled to CommonJS, as a test runner does', () => {
  const { files, outside } = reach('index.ts');
  assert.ok(outside.has('protobufjs/light.js'));
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    assert.doesNotMatch(text, /import\.meta/, file);
    assert.doesNotMatch(text, /^(?:const .* = )?await /m, file);
  }
});
