import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { workshopDirectory } from '@workshop/base';
import { type BuiltPage, buildPage, stopPageBuilder } from '../page/index.ts';
import { processTable } from '../process/process-table.ts';
import { makePassable } from '../server-directory.ts';

// Inside the repository, so that Angular's packages are found.
makePassable(workshopDirectory);
const folder = mkdtempSync(path.join(workshopDirectory, 'test-pages-'));
const pages = path.join(folder, 'pages');
const tree = path.join(folder, 'tree');
after(() => {
  stopPageBuilder();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function write(file: string, text: string): void {
  const target = path.join(tree, 'app-frontend', file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/** A page without Angular itself: its builder takes it all the same, and it builds fast. */
function writePage(): void {
  write('package.json', '{ "name": "page" }');
  write(
    'angular.json',
    JSON.stringify({
      version: 1,
      projects: {
        page: {
          projectType: 'application',
          root: '',
          architect: {
            build: {
              builder: '@angular/build:application',
              options: { browser: 'src/main.ts', tsConfig: 'tsconfig.json', outputPath: 'dist' },
              configurations: { production: { outputHashing: 'all' } },
            },
          },
        },
      },
    }),
  );
  write(
    'tsconfig.json',
    '{ "compilerOptions": { "strict": true, "target": "ES2022", "module": "preserve", "types": [] }, "files": ["src/main.ts"] }',
  );
  write('src/index.html', '<!doctype html><title>Page</title><body></body>');
}

async function build(): Promise<BuiltPage> {
  const built = await buildPage(tree, pages);
  assert.ok(built);
  return built;
}

const scriptOf = (built: BuiltPage): string => {
  const name = readdirSync(built.directory ?? '').find((file) => /^main.*\.js$/.test(file));
  return readFileSync(path.join(built.directory ?? '', name ?? ''), 'utf8');
};

/** The largest of the processes that this one has started, by its id. */
async function runningBuilder(): Promise<number> {
  const own = (await processTable()).filter(({ parentPid }) => parentPid === process.pid);
  const [largest] = own.toSorted((one, other) => other.memoryBytes - one.memoryBytes);
  assert.ok(largest);
  return largest.pid;
}

describe('building pages', () => {
  test('knows a tree without a page', async () => {
    assert.equal(await buildPage(path.join(folder, 'nothing'), pages), null);
  });

  test('builds a page once, with its source maps', async () => {
    writePage();
    write('src/main.ts', "console.log('first');");
    const first = await build();
    assert.equal(first.ok, true, first.output);
    assert.equal(first.cached, false);
    assert.match(scriptOf(first), /first/);
    assert.ok(readdirSync(first.directory ?? '').some((file) => file.endsWith('.js.map')));

    const again = await build();
    assert.equal(again.cached, true);
    assert.equal(again.hash, first.hash);
    assert.equal(again.directory, first.directory);
  });

  test('does not build again for a changed test', async () => {
    write('src/main.spec.ts', 'nonsense(');
    write('e2e/smoke.mjs', 'nonsense(');
    assert.equal((await build()).cached, true);
  });

  test('swaps the sources of the running builder: changed, new and removed files', async () => {
    write('src/greeting.ts', "export const greeting = 'second';");
    write('src/main.ts', "import { greeting } from './greeting'; console.log(greeting);");
    assert.match(scriptOf(await build()), /second/);

    rmSync(path.join(tree, 'app-frontend/src/greeting.ts'));
    const broken = await build();
    assert.equal(broken.ok, false);
    assert.equal(broken.directory, null);
    assert.match(broken.output, /greeting/);
  });

  test('starts another builder when the running one says nothing', {
    // Nothing there stops a process without ending it.
    skip: process.platform === 'win32',
  }, async () => {
    write('src/main.ts', "console.log('before');");
    await build();
    const pid = await runningBuilder();
    process.kill(pid, 'SIGSTOP');
    write('src/main.ts', "console.log('after');");
    const built = await buildPage(tree, pages, 500);
    assert.ok(built?.ok);
    assert.match(scriptOf(built), /after/);
    assert.notEqual(await runningBuilder(), pid);
  });

  test('says where a build went wrong, in names of the tree, and keeps that too', async () => {
    write('src/main.ts', "const total: number = 'three';\nconsole.log(total);");
    const broken = await build();
    assert.equal(broken.ok, false);
    assert.match(broken.output, /TS2322/);
    assert.match(broken.output, /src\/main\.ts:1:/);
    assert.ok(!broken.output.includes(folder));
    assert.equal((await build()).cached, true);
  });

  test('does not keep a failure of the time before the packages were installed anew', async () => {
    const kept = path.join(pages, (await build()).hash, 'build.json');
    writeFileSync(kept, JSON.stringify({ ok: false, output: 'no @angular/core', installedMs: 1 }));
    const built = await build();
    assert.equal(built.cached, false);
    assert.match(built.output, /TS2322/);
    assert.equal((await build()).cached, true);
  });

  test('builds again after a failure, and serves no file of an earlier page', async () => {
    write('src/main.ts', "console.log('third');");
    const built = await build();
    assert.equal(built.ok, true, built.output);
    assert.match(scriptOf(built), /third/);
    assert.equal(readdirSync(built.directory ?? '').filter((file) => /^main.*\.js$/.test(file)).length, 1);
  });

  test('starts another builder when the set-up of the build changed', async () => {
    const angular = JSON.parse(readFileSync(path.join(tree, 'app-frontend/angular.json'), 'utf8'));
    angular.projects.page.architect.build.options.define = { GREETING: "'fourth'" };
    write('angular.json', JSON.stringify(angular));
    write('src/main.ts', 'declare const GREETING: string;\nconsole.log(GREETING);');
    assert.match(scriptOf(await build()), /fourth/);
  });

  test('calls a broken angular.json a failed build', async () => {
    write('angular.json', '{ "version": 1, ');
    const broken = await build();
    assert.equal(broken.ok, false);
    assert.notEqual(broken.output, '');
  });

  test('leaves no folder of a builder behind', () => {
    stopPageBuilder();
    assert.deepEqual(
      readdirSync(pages).filter((name) => name.startsWith('builder-')),
      [],
    );
  });
});
