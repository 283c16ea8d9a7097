import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { repositoryRoot } from '@workshop/base';

const PROGRAM = join(repositoryRoot, 'grader/cli/workshop.ts');

interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs the program as npm does. No lab answers it. */
function workshop(...words: string[]): Promise<Ended> {
  const env = { ...process.env, LAB_URL: 'http://127.0.0.1:9', NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...words], { cwd: repositoryRoot, env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

describe('the program behind the npm scripts', { concurrency: 2 }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'workshop-program-'));
    await writeFile(join(folder, 'broken.json'), '{ "schema": 1, ');
    await writeFile(join(folder, 'other.json'), '{ "name": "x" }');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('a reader who goes away, as head does, is no trouble', async () => {
    const env = { ...process.env, LAB_URL: 'http://127.0.0.1:9' };
    const program = spawn(process.execPath, [PROGRAM, 'traces'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    program.stdout.destroy();
    let err = '';
    program.stderr.on('data', (chunk) => {
      err += chunk;
    });
    await once(program, 'close');
    assert.doesNotMatch(err, /EPIPE/);
  });

  test('shows every script that it is behind in one help', async () => {
    const { scripts } = JSON.parse(await readFile(join(repositoryRoot, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const behind = Object.entries(scripts).filter(([, script]) => script.includes('grader/cli/'));
    const { code, out } = await workshop();
    assert.equal(code, 0);
    const listed = [...out.matchAll(/^ {2}([a-z-]+) {2}/gm)].map(([, name]) => name);
    assert.deepEqual(
      listed.toSorted(),
      behind
        .map(([name]) => name)
        .filter((name) => name !== 'workshop')
        .toSorted(),
    );
    for (const [name, script] of behind) {
      assert.match(script, new RegExp(`^node grader/cli/(workshop.ts( ${name})?|doctor.mjs)$`));
    }
  });

  test('shows the ways through the workshop, one with its exercises, and refuses another', async () => {
    const all = await workshop('tracks');
    assert.equal(all.code, 0);
    for (const id of ['two-hours', 'half-day', 'week'])
      assert.match(all.out, new RegExp(`\\(${id}\\): about \\d`));
    const one = await workshop('tracks', 'two-hours');
    assert.match(one.out, /05 · From one trace to all/);
    assert.doesNotMatch(one.out, /04 · /);
    const none = await workshop('tracks', 'to-hours');
    assert.equal(none.code, 2);
    assert.match(none.err, /There is no track "to-hours"\. Did you mean two-hours\?/);
  });

  test('shows the words of a command as people type them', async () => {
    assert.match(
      (await workshop('grade', '--help')).out,
      /^Usage: npm run grade -- \[options\] \[exercise\]/,
    );
    assert.match((await workshop('start', '--help')).out, /^Usage: npm start -- \[options\]/);
    assert.match((await workshop('tree', 'edit', '--help')).out, /^Usage: npm run tree -- edit .*<name>/);
    assert.match((await workshop('query', '--help')).out, /^Usage: npm run query -- \[options\] \[file\]/);
  });

  const wrong: [string, RegExp][] = [
    ['grad', /unknown command 'grad'[\s\S]*Did you mean grade\?/],
    ['grade --sed 3', /unknown option '--sed'[\s\S]*Did you mean --seed\?/],
    ['grade --seed many', /It is not a whole number\./],
    ['grade 99', /There is no exercise "99"\./],
    ['grade --tree . --solution 3', /--tree and --solution each name what to grade\./],
    ['grade --tree FOLDER', /app-backend/],
    ['grade --evidence FOLDER/broken.json', /broken\.json is not JSON/],
    ['grade --evidence FOLDER/other.json', /not evidence of schema 1/],
    ['grade --evidence FOLDER/missing.json', /There is no evidence file/],
    ['grade 1 --json FOLDER/missing/report.json', /The report cannot be written/],
    ['hint 99', /There is no exercise "99"\./],
    ['compare 99', /There is no exercise "99"\./],
    ['goto 1-3', /Name one exercise, not several/],
    ['skip 99', /There is no exercise "99"\./],
    ['undo --to yesterday', /yesterday/],
    ['start --api-port 0', /A port is 1 to 65535\./],
    ['start --db-delay far', /It is 0 to 10000 milliseconds\./],
    ['start --skew 1e99', /It is -31536000 to 31536000 seconds\./],
    ['traffic --rate 0', /It is not a number above 0\./],
    ['traffic --page http://localhost:1', /--page goes with --browser only/],
    ['submissions --only nobody', /There is no submission "nobody"\./],
    ['submissions --at-once many', /It is not a whole number above 0\./],
    ['tree edit nobody', /There is no submission "nobody"\./],
    ['mutants 99', /There is no exercise "99"\./],
    ['bench --pairs 0', /It is not a whole number above 0\./],
    ['query FOLDER/broken.json', /broken\.json/],
    ['query FOLDER/missing.json', /There is no file/],
    ['query --calculate nonsense', /is no calculation/],
    ['honeycomb forward sideways', /neither on nor off/],
  ];
  for (const [words, said] of wrong) {
    test(`says what is wrong with "${words}", once and in 80 columns, and ends with 2`, async () => {
      const { code, out, err } = await workshop(...words.replace('FOLDER', folder).split(' '));
      assert.equal(code, 2, err);
      assert.equal(out, '');
      assert.match(err, said);
      assert.doesNotMatch(err, /\n {4}at /);
      const lines = err.trimEnd().split('\n');
      assert.ok(lines.length <= 5, err);
      // Commander says an option and its value on one line; a path is as long as it is.
      const tooLong = lines.filter((line) => line.length > 80 && !/^error: |[\\/]/.test(line));
      assert.deepEqual(tooLong, []);
    });
  }

  test('ends with 1 where another program has to answer and does not', async () => {
    const { code, err } = await workshop('traces');
    assert.equal(code, 1);
    assert.match(err, /No lab answers at .*\nStart it with "npm start"/);
    assert.equal((await workshop('traffic', '--api', 'http://127.0.0.1:9')).code, 1);
  });
});
