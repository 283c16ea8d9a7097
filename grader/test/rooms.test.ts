import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openHouse, RULES, roomOf, type SourceFile } from './rooms.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Every text file that git knows or would add. */
function readProject(): SourceFile[] {
  const list = execFileSync(
    'git',
    ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  return [...new Set(list.split('\0').filter(Boolean))].flatMap((path) => {
    const text = readIfThere(join(ROOT, path));
    return text === null || text.includes('\0') ? [] : [{ path, text }];
  });
}

/** A file that was deleted but not yet committed is still in git's list. */
function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** A sound house of a few small files. Each self-test adds one that breaks one rule. */
const SOUND: Record<string, string> = {
  'base/package.json': '{"name":"@workshop/base","exports":{".":"./index.ts"}}',
  'base/index.ts': "import { connect } from 'node:net';",
  'telemetry/package.json':
    '{"name":"@workshop/telemetry","exports":{".":"./index.ts","./pure":"./pure.ts"}}',
  'telemetry/index.ts': "export * from './model.ts';",
  'telemetry/pure.ts': "export * from './model.ts';",
  'telemetry/model.ts': 'export const kind = 1;',
  'lab/package.json': '{"name":"@workshop/lab","exports":"./index.ts"}',
  'lab/index.ts': "import { kind } from '@workshop/telemetry';\nimport fastify from 'fastify';",
  'grader/package.json': '{"name":"@workshop/grader"}',
  'grader/world/index.ts': "import { readFile } from 'node:fs/promises';\nimport './start.ts';",
  'grader/world/start.ts': "import type { Evidence } from '../evidence/index.ts';",
  'grader/evidence/index.ts': "import type { kind } from '@workshop/telemetry/pure';",
  'grader/judge/index.ts': "import type { Evidence } from '../evidence/index.ts';",
  'grader/cli/index.ts':
    "import { judge } from '../judge/index.ts';\nimport '@workshop/lab';\nimport './grade.ts';",
  'grader/cli/grade.ts': "const world = await import('../world/index.ts');",
  'exercises/01-first-trace/checks.spec.ts': "import { check } from '../../grader/judge/index.ts';",
  'app-backend/package.json': '{"name":"app-backend","dependencies":{"@nestjs/core":"11.2.10"}}',
  'app-backend/src/main.ts': "import { NestFactory } from '@nestjs/core';",
  'solutions/01-first-trace/app-backend/src/tracing.ts': "import { NodeSDK } from '@opentelemetry/sdk-node';",
  'solutions/01-first-trace/app-backend/src/main.ts': "import './tracing';",
  'README.md': 'See https://example.org/root/home/ and registry.register(x). /usr/bin/chromium is fine.',
  'package-lock.json': `{"resolved":"https://${['registry', 'npmjs', 'org'].join('.')}/a"}`,
};

const house = (extra: Record<string, string> = {}) =>
  openHouse(Object.entries({ ...SOUND, ...extra }).map(([path, text]) => ({ path, text })));

/** A path with leading slash, put together so that this file does not hold one itself. */
const machinePath = (...parts: string[]) => ['', ...parts, ''].join('/');

const wordFor = { registry: ['registry', 'npmjs', 'org'].join('.'), otel: "import '@opentelemetry/api';" };

/** Title of the rule, and trees of which each breaks that rule and no other. */
const BROKEN: Record<string, Record<string, string>[]> = {
  'exercises and solutions never import from the apps': [
    { 'exercises/02/scenario.ts': "import { x } from '../../app-backend/index.ts';" },
    { 'solutions/02/app-backend/src/feed.ts': "export { x } from '../../../../app-backend/index.ts';" },
  ],
  'grader never imports from the apps': [
    { 'grader/drive/users.ts': "import type { User } from '../../app-backend/index.ts';" },
    { 'grader/capture/node/preload.cjs': "require('../../../app-frontend/index.ts');" },
  ],
  'judge does not know world or capture': [
    { 'grader/judge/assertions.ts': "import type { System } from '../world/index.ts';" },
    { 'grader/judge/assertions/spans.ts': "const capture = import('../../capture/index.ts');" },
    { 'grader/judge/assertions.ts': "let state: import('../capture/index.ts').CaptureState;" },
  ],
  'nothing imports cli': [
    { 'grader/report/index.ts': "import { main } from '../cli/index.ts';" },
    { 'exercises/03/scenario.ts': "import '../../grader/cli/index.ts';" },
  ],
  'base imports no other room': [
    { 'base/until.ts': "import { kind } from '@workshop/telemetry';" },
    { 'base/error.ts': "import type { Failure } from '../grader/judge/index.ts';" },
  ],
  'telemetry imports no other room': [
    { 'telemetry/receiver.ts': "import { store } from '@workshop/lab';" },
    { 'telemetry/receiver.ts': "import { world } from '../grader/world/index.ts';" },
  ],
  'lab does not know the grader, the apps or the content': [
    { 'lab/server/routes.ts': "import type { Evidence } from '../../grader/evidence/index.ts';" },
    { 'lab/seed.ts': "import { posts } from '../app-backend/index.ts';" },
  ],
  'a room is entered by its index.ts, or by a file that its package exports': [
    { 'grader/judge/silence.ts': "import type { Evidence } from '../evidence/format.ts';" },
    { 'lab/store.ts': "import { kind } from '@workshop/telemetry/model.ts';" },
    { 'lab/store.ts': "import { kind } from '../telemetry/model.ts';" },
    { 'grader/world/test/start.test.ts': "import { read } from '../../evidence/file.ts';" },
  ],
  'the apps and the pristine start do not use OpenTelemetry': [
    { 'app-backend/src/tracing.ts': wordFor.otel },
    { 'app-frontend/src/tracing.ts': "const { trace } = await import('@opentelemetry/api');" },
    { 'solutions/00-start/app-backend/src/main.ts': "require('@opentelemetry/sdk-node');" },
  ],
  'no file or folder is a drawer named utils, helpers or common': [
    { 'lab/utils.ts': '' },
    { 'app-frontend/src/app/common/date.pipe.ts': '' },
    { 'telemetry/time.helpers.ts': '' },
  ],
  'no source file has more than 350 lines, unless it is generated': [
    { 'lab/long.ts': '// a line\n'.repeat(351) },
    { 'grader/capture/node/preload.cjs': '// a line\n'.repeat(351) },
  ],
  'no file names a path of one machine': [
    { 'README.md': `Look into ${machinePath('root', 'project')}.` },
    { 'grader/report/index.ts': `const path = '${machinePath('home', 'iris', 'clone')}';` },
    { 'lab/a.json': `{"path":"${machinePath('Users', 'ben', 'clone')}"}` },
    { 'lab/b.md': ['C:', 'Users', 'ben'].join('\\') },
  ],
  'no file names a package registry, but for the lock file': [
    { '.npmrc': `registry=https://example.org/\n` },
    { 'lab/README.md': `From https://${wordFor.registry}/duckdb` },
  ],
  'no package.json of the apps or the pristine start asks for OpenTelemetry': [
    { 'app-frontend/package.json': '{"name":"app-frontend","dependencies":{"@opentelemetry/api":"1.9.1"}}' },
    {
      'solutions/00-start/app-backend/package.json': '{"dependencies":{"@opentelemetry/sdk-node":"0.223.0"}}',
    },
  ],
};

describe('the house', () => {
  const project = openHouse(readProject());

  it('was read: its rooms, and imports between them', () => {
    const rooms = new Set(project.files.map(({ path }) => roomOf(path)));
    for (const room of ['base', 'telemetry', 'lab', 'app-backend', 'grader/test', 'grader/evidence']) {
      assert.ok(rooms.has(room), `no file of ${room} was read`);
    }
    assert.ok(project.imports.some(({ target }) => target !== null && project.exported.has(target)));
  });

  for (const rule of RULES) {
    it(rule.title, () => assert.deepEqual(rule.breaches(project), []));
  }
});

describe('the rules of the house can fail', () => {
  it('and a sound house keeps them all', () => {
    const generated = {
      'telemetry/generated/otlp.js': '// a line\n'.repeat(900),
      'telemetry/otlp.ts': `// @generated\n${'// a line\n'.repeat(900)}`,
    };
    for (const rule of RULES) assert.deepEqual(rule.breaches(house(generated)), [], rule.title);
  });

  it('and each of them is tried', () => {
    assert.deepEqual(Object.keys(BROKEN).sort(), RULES.map((rule) => rule.title).sort());
  });

  for (const [title, trees] of Object.entries(BROKEN)) {
    it(title, () => {
      for (const tree of trees) {
        const failing = RULES.filter((rule) => rule.breaches(house(tree)).length > 0);
        assert.deepEqual(
          failing.map((rule) => rule.title),
          [title],
          JSON.stringify(tree).slice(0, 200),
        );
      }
    });
  }
});
