import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Lab, startLab } from '../../server/index.ts';
import { sampleSpans } from '../../test/sample-spans.ts';

const SCRIPT = fileURLToPath(new URL('../main.ts', import.meta.url));
const WIDTH = 80;

let lab: Lab;
let dir: string;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lab-analysis-'));
  lab = await startLab({ dir: join(dir, 'data'), port: 0, otlpPort: 0 });
  await lab.store.write(sampleSpans({ requests: 200, endMs: Date.now() }));
});
after(async () => {
  await lab.close();
  await rm(dir, { recursive: true, force: true });
});

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
const tooWide = (text: string): string[] => text.split('\n').filter((line) => line.length > WIDTH);

test('critical-path: what the slowest request waited for, spans that are alike on one line', async () => {
  const { stdout } = await run('critical-path', '--slow');
  const lines = stdout.split('\n');
  assert.match(lines[0] ?? '', /^Trace [0-9a-f]{8} took 82\d ms\. At each moment it waited for one span:$/);
  assert.match(lines[2] ?? '', /^for +service +waited +share$/);
  assert.match(lines[3] ?? '', /^GET \/feed +murmur-api +81\d ms +99 %$/);
  assert.match(lines[4] ?? '', /^pg\.query:SELECT murmur x 3 +murmur-api +12 ms +1 %$/);
  assert.match(stdout, /\nThe whole trace as a picture: npm run trace -- [0-9a-f]{8}$/);
  assert.deepEqual(tooWide(stdout), []);
  const { bySpan } = JSON.parse((await run('critical-path', '--slow', '--json')).stdout);
  assert.equal(bySpan.length, 4);
  const unknown = await run('critical-path', 'ffffffffffff');
  assert.deepEqual([unknown.code, unknown.stderr], [1, 'The lab has no trace ffffffffffff.']);
  assert.equal((await run('critical-path', 'ff', '--slow')).code, 2);
});

test('service-graph: services, databases and the calls between them', async () => {
  const { stdout } = await run('service-graph');
  assert.deepEqual(
    stdout.split('\n').map((line) => line.trimEnd()),
    [
      'service                spans  errors',
      'murmur-api               800       4',
      'postgresql (database)    600',
      '',
      'caller      calls       times  errors   P95  by',
      'murmur-api  postgresql    600          4 ms',
    ],
  );
  assert.equal(JSON.parse((await run('service-graph', '--json')).stdout).nodes.length, 2);
  const nothing = await run('service-graph', '--last', '0s');
  assert.equal(nothing.code, 1);
  assert.match(nothing.stderr, /^No span began in the last 0s\./);
  const wrong = await run('service-graph', '--last', 'soon');
  assert.deepEqual([wrong.code, wrong.stdout], [2, '']);
  assert.match(wrong.stderr, /--last "soon" is no time\./);
});

test('compare-selection: the slow requests are those of one user', async () => {
  const { stdout } = await run('compare-selection', '--select', 'duration_ms > 500', '--last', '1h');
  assert.match(
    stdout,
    /^10 selected root spans, beside 190 others\.\n\nattribute +value +selected +others\n/,
  );
  assert.match(stdout, /\nuser\.id +1000 +100 % +0 %(\n|$)/);
  assert.deepEqual(tooWide(stdout), []);
  const { differences } = JSON.parse(
    (await run('compare-selection', '--select', 'duration_ms > 500', '--json')).stdout,
  );
  assert.ok(differences.some(({ column }: { column: string }) => column === 'user.id'));
});

test('compare-selection: what is wrong is said in one error', async () => {
  const nothing = await run('compare-selection');
  assert.equal(nothing.code, 2);
  assert.match(nothing.stderr, /^Which spans shall be compared with the others\?\n.*--select/s);
  const few = await run('compare-selection', '--select', 'duration_ms > 1e9');
  assert.equal(few.code, 1);
  assert.match(few.stderr, /^Only 0 spans are selected/);
  const typo = await run('compare-selection', '--select', 'duration_ms == 5');
  assert.deepEqual([typo.code, typo.stdout], [2, '']);
});
