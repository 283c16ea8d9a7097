import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { cruise, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import config, { ROOMS, walls } from '../../.dependency-cruiser.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

/** Every breach in a house, by the name of the wall: `grader/judge/words.ts → grader/world/index.ts`. */
async function breachesIn(root: string): Promise<{ result: ICruiseResult; breaches: Map<string, string[]> }> {
  const ruleSet = { forbidden: walls(root) } as IFlattenedRuleSet;
  const { output } = await cruise(ROOMS, { ...config.options, baseDir: root, validate: true, ruleSet });
  const result = output as ICruiseResult;
  const breaches = new Map<string, string[]>();
  for (const { rule, from, to } of result.summary.violations) {
    breaches.set(rule.name, [...(breaches.get(rule.name) ?? []), `${from} → ${to}`]);
  }
  return { result, breaches };
}

/** A sound house of a few small files. Each test below adds one that breaks one wall. */
const SOUND: Record<string, string> = {
  'package.json': '{"name":"root","dependencies":{"@opentelemetry/api":"1","@opentelemetry/sdk-node":"1"}}',
  'base/package.json': '{"name":"@workshop/base","exports":{".":"./index.ts"}}',
  'base/index.ts': 'export const seed = 1;',
  'telemetry/package.json':
    '{"name":"@workshop/telemetry","exports":{".":"./index.ts","./pure":"./pure.ts"}}',
  'telemetry/index.ts': "export * from './model.ts';",
  'telemetry/pure.ts': "export * from './model.ts';",
  'telemetry/model.ts': 'export const kind = 1;',
  'lab/package.json':
    '{"name":"@workshop/lab","exports":{".":"./index.ts"},"dependencies":{"fastify":"5","@duckdb/node-api":"1","@workshop/telemetry":"0.1.0"}}',
  'lab/index.ts':
    "import { kind } from '@workshop/telemetry';\nimport fastify from 'fastify';\nexport { kind, fastify };",
  'page/package.json':
    '{"name":"@workshop/page","dependencies":{"@workshop/telemetry":"0.1.0","@workshop/grader":"0.1.0"}}',
  'page/src/app/app.ts': "import type { kind } from '@workshop/telemetry/pure';\nimport './header';",
  'page/src/app/header.ts': 'export const header = 1;',
  'page/src/app/verdict.ts': "import type { Report } from '@workshop/grader/report/shapes';",
  'page/test/page.test.ts': "import '../../lab/index.ts';",
  'lab/store/database.ts': "import { DuckDBConnection } from '@duckdb/node-api';\nDuckDBConnection;",
  'lab/query/dialect/index.ts': "export { DUCKDB } from './duckdb.ts';",
  'lab/query/dialect/duckdb.ts': 'export const DUCKDB = 1;',
  'grader/package.json':
    '{"name":"@workshop/grader","exports":{"./report/shapes":"./report/shapes.ts"},"dependencies":{"@workshop/telemetry":"0.1.0","@workshop/lab":"0.1.0"}}',
  'grader/world/index.ts': "import { readFile } from 'node:fs/promises';\nimport './start.ts';\nreadFile;",
  'grader/world/start.ts': "import type { Evidence } from '../evidence/index.ts';",
  'grader/evidence/index.ts':
    "import type { kind } from '@workshop/telemetry/pure';\nexport interface Evidence {}",
  'grader/report/shapes.ts': 'export interface Report {}',
  'grader/evidence/format.ts': 'export interface Format {}',
  'grader/capture/index.ts': 'export interface CaptureState {}',
  'grader/judge/index.ts': "import type { Evidence } from '../evidence/index.ts';",
  'grader/cli/index.ts':
    "import { judge } from '../judge/index.ts';\nimport '@workshop/lab';\nimport './grade.ts';",
  'grader/cli/grade.ts': "const world = await import('../world/index.ts');",
  'exercises/01-first-trace/checks.spec.ts': "import { check } from '../../grader/judge/index.ts';",
  'app-backend/package.json': '{"name":"app-backend","dependencies":{"@nestjs/core":"11.2.10"}}',
  'app-backend/index.ts': "import { NestFactory } from '@nestjs/core';",
  'app-frontend/index.ts': 'export const page = 1;',
  'solutions/00-start/app-backend/src/main.ts': 'export const start = 1;',
  'solutions/01-first-trace/app-backend/src/tracing.ts': "import { NodeSDK } from '@opentelemetry/sdk-node';",
  'solutions/01-first-trace/app-backend/src/main.ts': "import './tracing';\nimport './not-in-this-piece';",
};

/** The name of a wall, and files of which each breaks that wall and no other. */
const BROKEN: Record<string, [path: string, text: string][]> = {
  'no-circle': [
    ['telemetry/model.ts', "import './pure.ts';"],
    ['base/index.ts', "import './index.ts';"],
  ],
  'content-apart-from-apps': [
    ['exercises/02/scenario.ts', "import { x } from '../../app-backend/index.ts';"],
    ['solutions/02/app-backend/src/feed.ts', "export { x } from '../../../../app-backend/index.ts';"],
  ],
  'grader-outside-apps': [
    ['grader/drive/users.ts', "import type { User } from '../../app-backend/index.ts';"],
    ['grader/capture/node/preload.cjs', "require('../../../app-frontend/index.ts');"],
  ],
  'judging-apart-from-driving': [
    ['grader/judge/words.ts', "import type { System } from '../world/index.ts';"],
    ['grader/judge/words/spans.ts', "const capture = import('../../capture/index.ts');"],
    ['grader/judge/words.ts', "let state: import('../capture/index.ts').CaptureState;"],
  ],
  'nothing-imports-cli': [
    ['grader/report/index.ts', "import { main } from '../cli/index.ts';"],
    ['exercises/03/scenario.ts', "import '../../grader/cli/index.ts';"],
  ],
  'base-alone': [
    ['base/lock.ts', "import type { kind } from '@workshop/telemetry';"],
    ['base/lock.ts', "import { world } from '../grader/world/index.ts';"],
  ],
  'telemetry-alone': [
    ['telemetry/receiver.ts', "import '../lab/index.ts';"],
    ['telemetry/receiver.ts', "import { world } from '../grader/world/index.ts';"],
  ],
  'tests-of-telemetry': [['telemetry/test/span.test.ts', "import '../../lab/index.ts';"]],
  'lab-without-grader': [
    ['lab/server/routes.ts', "import type { Evidence } from '../../grader/evidence/index.ts';"],
    ['lab/seed.ts', "import { posts } from '../app-backend/index.ts';"],
  ],
  'one-database-in-the-store': [
    ['lab/server/traces.ts', "import { DuckDBConnection } from '@duckdb/node-api';"],
    ['lab/analysis/rows.ts', "const duckdb = await import('@duckdb/node-api');"],
  ],
  'one-database-in-the-dialect': [
    ['lab/analysis/list.ts', "import { DUCKDB } from '../query/dialect/duckdb.ts';"],
  ],
  'page-alone': [
    ['page/src/app/lab.ts', "import type { kind } from '../../../lab/index.ts';"],
    ['page/build/page.ts', "import '../../grader/world/index.ts';"],
  ],
  'page-knows-answers-as-types': [
    ['page/src/app/learn.ts', "import { Report } from '@workshop/grader/report/shapes';"],
  ],
  'through-the-door': [
    ['grader/judge/silence.ts', "import type { Format } from '../evidence/format.ts';"],
    ['lab/store.ts', "import { kind } from '../telemetry/model.ts';"],
    ['grader/world/test/start.test.ts', "import { read } from '../../evidence/format.ts';"],
  ],
  'start-without-telemetry': [
    ['solutions/00-start/app-backend/src/tracing.ts', "import '@opentelemetry/api';"],
    ['solutions/00-start/app-frontend/src/main.ts', "const { trace } = await import('@opentelemetry/api');"],
    ['solutions/00-start/app-backend/src/main.ts', "require('@opentelemetry/sdk-node');"],
  ],
  'nothing-missing': [
    ['grader/report/index.ts', "import './failures.ts';"],
    ['lab/store.ts', "import '@workshop/telemetry/model.ts';"],
  ],
  'nothing-undeclared': [['grader/report/index.ts', "import fastify from 'fastify';"]],
};

describe('the house', () => {
  let house: Awaited<ReturnType<typeof breachesIn>>;
  before(async () => {
    house = await breachesIn(ROOT);
  });

  test('was read: every room, and imports between them', () => {
    const sources = house.result.modules.map(({ source }) => source);
    for (const room of ROOMS)
      assert.ok(
        sources.some((path) => path.startsWith(`${room}/`)),
        room,
      );
    const judge = house.result.modules.find(({ source }) => source === 'grader/judge/index.ts');
    assert.ok(judge?.dependencies.some(({ resolved }) => resolved.startsWith('grader/')));
  });

  for (const { name, comment } of walls(ROOT)) {
    test(`${name}: ${comment}`, () => assert.deepEqual(house.breaches.get(name) ?? [], []));
  }
});

describe('the walls can fail', () => {
  let folder: string;
  const write = (root: string, path: string, text: string) => {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  /** The sound house with one more file, inside the repository so that its packages resolve. */
  const houseWith = (...extra: [path: string, text: string][]): string => {
    const root = mkdtempSync(join(folder, 'house-'));
    for (const [path, text] of [...Object.entries(SOUND), ...extra]) write(root, path, text);
    mkdirSync(join(root, 'node_modules/@workshop'), { recursive: true });
    for (const name of ['base', 'telemetry', 'lab', 'grader']) {
      symlinkSync(join(root, name), join(root, 'node_modules/@workshop', name), 'junction');
    }
    return root;
  };

  before(() => {
    mkdirSync(join(ROOT, '.workshop'), { recursive: true });
    folder = mkdtempSync(join(ROOT, '.workshop', 'walls-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('and a sound house keeps them all', async () => {
    assert.deepEqual([...(await breachesIn(houseWith())).breaches], []);
  });

  test('and each of them is tried', () => {
    assert.deepEqual(
      Object.keys(BROKEN).sort(),
      walls(ROOT)
        .map(({ name }) => name)
        .sort(),
    );
  });

  for (const [name, files] of Object.entries(BROKEN)) {
    for (const [path, text] of files) {
      test(`${name}: ${path} with ${text}`, async () => {
        assert.deepEqual([...(await breachesIn(houseWith([path, text]))).breaches.keys()], [name]);
      });
    }
  }
});
