import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { TREE_PARTS } from '../tree/index.ts';
import { breaches, RULES, type TextFile } from './committed-files.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Every text file that git knows or would add, but for the learner's own. */
function readProject(): TextFile[] {
  const list = execFileSync(
    'git',
    ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  return [...new Set(list.split('\0').filter(Boolean))].flatMap((path) => {
    const learners = TREE_PARTS.some((part) => path === part || path.startsWith(`${part}/`));
    // A file that was deleted but not yet committed is still in git's list.
    if (learners || !existsSync(join(ROOT, path))) return [];
    const text = readFileSync(join(ROOT, path), 'utf8');
    return text.includes('\0') ? [] : [{ path, text }];
  });
}

/** Put together, so that this file does not hold them itself. */
const machinePath = (...parts: string[]) => ['', ...parts, ''].join('/');
const registry = ['registry', 'npmjs', 'org'].join('.');

const SOUND: Record<string, string> = {
  'README.md': 'See https://example.org/root/home/ and registry.register(x). /usr/bin/chromium is fine.',
  'package-lock.json': `{"resolved":"https://${registry}/a"}`,
  'solutions/00-start/app-backend/package.json': '{"dependencies":{"@nestjs/core":"11.2.10"}}',
  'solutions/01-first-trace/app-backend/package.json': '{"dependencies":{"@opentelemetry/api":"1.9.1"}}',
};

/** Title of the rule, and files of which each breaks that rule and no other. */
const BROKEN: Record<string, Record<string, string>> = {
  'no file or folder is a drawer named utils, helpers or common': {
    'lab/utils.ts': '',
    'solutions/01/app-frontend/src/app/common/date.pipe.ts': '',
    'telemetry/time.helpers.ts': '',
  },
  'no file names a path of one machine': {
    'README.md': `Look into ${machinePath('root', 'project')}.`,
    'grader/report/index.ts': `const path = '${machinePath('home', 'iris', 'clone')}';`,
    'lab/a.json': `{"path":"${machinePath('Users', 'ben', 'clone')}"}`,
    'lab/b.md': ['C:', 'Users', 'ben'].join('\\'),
  },
  'no file names a package registry, but for the lock file': {
    '.npmrc': `registry=https://example.org/\n`,
    'lab/README.md': `From https://${registry}/duckdb`,
  },
  'no package.json of the pristine start asks for OpenTelemetry': {
    'solutions/00-start/app-frontend/package.json': '{"dependencies":{"@opentelemetry/api":"1.9.1"}}',
    'solutions/00-start/package.json': '{"devDependencies":{"@opentelemetry/sdk-node":"0.223.0"}}',
  },
};

describe('the committed files', () => {
  const files = readProject();

  test('were read, without those of the learner', () => {
    const paths = files.map(({ path }) => path);
    for (const path of ['README.md', 'telemetry/index.ts', 'grader/test/committed-files.test.ts']) {
      assert.ok(paths.includes(path), path);
    }
    assert.equal(
      paths.find((path) => path.startsWith('app-backend/')),
      undefined,
    );
  });

  for (const rule of RULES) {
    test(rule.title, () => assert.deepEqual(breaches(rule, files), []));
  }
});

describe('the rules of files can fail', () => {
  const asFiles = (texts: Record<string, string>) =>
    Object.entries(texts).map(([path, text]) => ({ path, text }));

  test('and sound files keep them all', () => {
    for (const rule of RULES) assert.deepEqual(breaches(rule, asFiles(SOUND)), [], rule.title);
  });

  test('and each of them is tried', () => {
    assert.deepEqual(Object.keys(BROKEN).sort(), RULES.map(({ title }) => title).sort());
  });

  for (const [title, texts] of Object.entries(BROKEN)) {
    test(title, () => {
      for (const file of asFiles(texts)) {
        const failing = RULES.filter((rule) => rule.find(file) !== null);
        assert.deepEqual(
          failing.map((rule) => rule.title),
          [title],
          file.path,
        );
      }
    });
  }
});
