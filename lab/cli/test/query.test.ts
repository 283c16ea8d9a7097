import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { QuerySpec } from '../../query/index.ts';
import { type Lab, startLab } from '../../server/index.ts';
import { sampleSpans } from '../../test/sample-spans.ts';

const SCRIPT = fileURLToPath(new URL('../main.ts', import.meta.url));
const WIDTH = 80;

let lab: Lab;
let dir: string;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lab-query-'));
  lab = await startLab({ dir: join(dir, 'data'), port: 0, otlpPort: 0 });
  await lab.store.write(sampleSpans({ requests: 20, endMs: Date.now() }));
});
after(async () => {
  await lab.close();
  await rm(dir, { recursive: true, force: true });
});

/** Runs the command in a folder of its own against the lab of this test. */
function run(...words: string[]): ReturnType<typeof runCommand> {
  return runCommand(['query'], words);
}
function runCommand(
  command: string[],
  words: string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, LAB_URL: lab.url };
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, ...command, ...words], { cwd: dir, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}
async function saved(query: QuerySpec): Promise<string> {
  await writeFile(join(dir, 'saved.json'), JSON.stringify({ name: 'x', description: '', query }));
  return 'saved.json';
}
const tooWide = (text: string): string[] => text.split('\n').filter((line) => line.length > WIDTH);

test('a typo in a saved query is named beside the result, on lines of 80 columns', async () => {
  const typo = 'murmur.feed.folowing_count';
  const file = await saved({ calculations: [{ op: 'P95', column: typo }] });
  const { code, stdout } = await run(file);
  assert.equal(code, 0);
  assert.deepEqual(stdout.trimEnd().split('\n'), [
    `P95(${typo})`,
    '-',
    '',
    `No span has the column ${typo}.`,
    'Did you mean murmur.feed.following_count?',
  ]);
  const json = JSON.parse((await run(file, '--json')).stdout);
  assert.deepEqual(json.notes, [`No span has the column ${typo}. Did you mean murmur.feed.following_count?`]);
});

test('when nothing matches, the note is all there is', async () => {
  const { code, stdout } = await run('--where', 'user.id = nobody', '--by', 'http.route');
  assert.equal(code, 0);
  assert.equal(stdout, 'Nothing matches in this time range. Every column that the query names is known.\n');
  assert.deepEqual(tooWide(stdout), []);
});

test('a result with something in it has no note', async () => {
  const { stdout } = await run('--by', 'name');
  assert.equal(stdout.trimEnd().split('\n').length, 3);
});

test('a query is saved once, and no line about it is wider than 80 columns', async () => {
  const file = 'queries/network-latency-by-route.json';
  const words = ['--by', 'http.route', '--save', file];
  const first = await run(...words);
  assert.equal(first.code, 0);
  assert.deepEqual(first.stderr.trim().split('\n'), [
    `Saved as ${file}. Run it again:`,
    `  npm run query -- ${file}`,
  ]);
  assert.equal((await run(file)).stdout, first.stdout);
  const again = await run(...words);
  assert.equal(again.code, 2);
  assert.match(again.stderr, /is there already\.\nChoose another name, or overwrite it with --force\./);
  const wrong = await run('--where', 'nonsense');
  assert.equal(wrong.code, 2);
  const said = [first, again, wrong, await run('--help')].map(({ stdout, stderr }) => stdout + stderr);
  assert.deepEqual(tooWide(said.join('\n')), []);
});
