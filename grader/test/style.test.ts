import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '@workshop/base';

const STYLE = join(repositoryRoot, 'grader/test/style');

/** What Biome says of this text with one rule of the house; empty when the rule has nothing against it. */
function said(rule: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-style-'));
  try {
    writeFileSync(join(folder, 'biome.json'), JSON.stringify({ plugins: [join(STYLE, `${rule}.grit`)] }));
    writeFileSync(join(folder, 'example.ts'), text);
    const biome = join(repositoryRoot, 'node_modules/@biomejs/biome/bin/biome');
    const run = spawnSync(process.execPath, [biome, 'lint', '--only=plugin', 'example.ts'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return run.stdout + run.stderr;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const [rule, message, wrong, right] of [
  [
    'private-is-hash',
    /called #name here/,
    'class A { private x = 1; }',
    'class A { #x = 1; private constructor() {} }',
  ],
  [
    'constants-in-capitals',
    /in capitals here/,
    'const limit = 5;',
    'const LIMIT = 5; let n = 0; const f = () => { const inner = 5; return inner; };',
  ],
  ['test-not-it', /with test\(\) here/, "it('works', () => {});", "test('works', () => {});"],
] as const) {
  test(`the style rule ${rule} refuses what is wrong, and nothing else`, () => {
    assert.match(said(rule, wrong), message);
    assert.doesNotMatch(said(rule, right), message);
  });
}
