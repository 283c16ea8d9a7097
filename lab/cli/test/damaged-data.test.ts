import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Store } from '../../store/index.ts';
import { sampleSpans } from '../../test/sample-spans.ts';

/** What `npm run lab` says of a file that it cannot use. */

const SCRIPT = fileURLToPath(new URL('../main.ts', import.meta.url));
/** DuckDB's headers are three of 4 KiB, its blocks 256 KiB. */
const [HEADERS, BLOCK] = [3 * 4_096, 256 * 1_024];

let dir: string;
let file: string;
let good: Buffer;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lab-damaged-'));
  file = join(dir, 'spans.duckdb');
  const store = await Store.open({ dir });
  await store.write(sampleSpans({ requests: 3_000, endMs: Date.now() }));
  await store.close();
  good = await readFile(file);
});
after(() => rm(dir, { recursive: true, force: true }));

function damagedAt(place: number): Buffer {
  const bytes = Buffer.from(good);
  bytes.fill(0xee, place, place + 64);
  return bytes;
}

function startLabProgram(): Promise<{ code: number; stderr: string }> {
  const words = ['lab', '--dir', dir, '--port', '0', '--otlp-port', '0', '--no-page'];
  return new Promise((resolve) => {
    const options = { cwd: dir, timeout: 60_000 };
    execFile(process.execPath, [SCRIPT, ...words], options, (error, _stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stderr }),
    );
  });
}

const DAMAGES: [what: string, bytes: () => Buffer][] = [
  ['another file under its name', () => Buffer.from('this is no database\n'.repeat(1_000))],
  ['a file that was cut', () => good.subarray(0, good.length >> 1)],
  ['a header', () => damagedAt(4_096)],
  ['a block that is read first', () => damagedAt(HEADERS + 100)],
  ['a block of rows', () => damagedAt(HEADERS + 2 * BLOCK + 100)],
];

for (const [what, bytes] of DAMAGES)
  test(`damaged data is said to be that: ${what}`, async () => {
    await writeFile(file, bytes());
    const { code, stderr } = await startLabProgram();
    assert.equal(
      stderr,
      `The lab's data is damaged: ${file}\nMove this file away and start again. The lab then collects traces anew.\n`,
    );
    assert.notEqual(code, 0);
    assert.deepEqual(await readFile(file), bytes(), 'the file is left as it is');
  });
