import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { freePort } from '@workshop/base';
import type { Evidence } from '../../evidence/index.ts';
import type { Tree } from '../../tree/index.ts';
import { stopSharedServer } from '../../world/index.ts';
import { drive, scenario } from '../index.ts';
import { treeWith } from './support/page-trees.ts';

after(stopSharedServer);

/** Drives them in this tree; evidence by exercise. */
async function byExercise(
  tree: Tree,
  exercises: Parameters<typeof drive>[0]['exercises'],
): Promise<Map<string, Evidence>> {
  const all = new Map<string, Evidence>();
  await drive({
    tree,
    exercises,
    seed: 7,
    onEvidence: (evidence) => void all.set(evidence.exercise, evidence),
  });
  return all;
}

describe('scenarios that need different clocks', () => {
  test('share a system, and the wrong clock comes last', async () => {
    const aheadMs = 60_000;
    const asked: string[] = [];
    const named = (name: string, options?: Parameters<typeof scenario>[1]) => ({
      id: name,
      scenario: scenario(async ({ api }) => {
        asked.push(name);
        await api.get('/users', { label: name });
      }, options),
    });
    const evidences = await byExercise(await treeWith(1, {}), [
      named('ahead', { clockSkewMs: aheadMs }),
      named('right'),
    ]);
    assert.deepEqual(asked, ['right', 'ahead']);
    const [right, ahead] = ['right', 'ahead'].map((name) => evidences.get(name) as Evidence);
    assert.equal(right?.processes[0]?.pid, ahead?.processes[0]?.pid);
    for (const [evidence, skewMs] of [
      [right, 0],
      [ahead, aheadMs],
    ] as const) {
      const sent = evidence?.requests.find(({ label }) => label === (skewMs ? 'ahead' : 'right'));
      const span = evidence?.spans.find(
        ({ kind, origin, attributes }) =>
          kind === 'SERVER' && origin.phase === 'run' && attributes['url.path'] === '/users',
      );
      const offMs = Number(span?.startMs) - skewMs - Number(sent?.startMs);
      assert.ok(Math.abs(offMs) < 5_000, `the span is off by ${offMs} ms`);
    }
  });
});

describe('a system that does not start', () => {
  test('is started once for all that need the same processes', async () => {
    const tree = await treeWith(0, { 'app-backend/src/main.ts': () => 'process.exit(3);' });
    const visit = (id: string) => ({ id, scenario: scenario(({ page }) => page.open('/'), { page: true }) });
    const evidences = await byExercise(tree, [visit('one'), visit('two'), visit('three')]);
    const processes = [...evidences.values()].map((evidence) => evidence.processes[0]);
    assert.deepEqual([...evidences.keys()], ['one', 'two', 'three']);
    assert.deepEqual(
      processes.map((api) => api?.exit?.code),
      [3, 3, 3],
    );
    assert.equal(new Set(processes.map((api) => api?.pid)).size, 1);
  });
});

describe('scenarios that need different processes', () => {
  test('are driven side by side, each in a system of its own', async () => {
    let besideBegan = false;
    const evidences = await byExercise(await treeWith(1, {}), [
      {
        id: 'first',
        scenario: scenario(async ({ api, note, until }) => {
          note('the other began meanwhile', await until(() => besideBegan, 30_000));
          await api.get('/health');
        }),
      },
      {
        id: 'beside',
        scenario: scenario(
          async ({ api }) => {
            besideBegan = true;
            await api.get('/users');
          },
          { env: { A_PROCESS_OF_ITS_OWN: 'yes' } },
        ),
      },
    ]);
    const [first, beside] = [evidences.get('first'), evidences.get('beside')];
    assert.equal(first?.facts['the other began meanwhile'], true);
    assert.equal(beside?.drive.state, 'complete');
    assert.notEqual(first?.processes[0]?.pid, beside?.processes[0]?.pid);
    assert.notEqual(first?.collectorUrl, beside?.collectorUrl);
    const pathsOf = (evidence: Evidence | undefined) =>
      evidence?.spans.map(({ attributes }) => attributes['url.path']).filter((value) => value === '/users');
    assert.deepEqual(pathsOf(first), [], 'spans of the other system are in this evidence');
    assert.deepEqual(pathsOf(beside), ['/users']);
  });

  test('are driven one after another where two systems are in each other’s way', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'lanes-'));
    try {
      const refused = path.join(folder, 'refused');
      const alwaysTakes = `
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
createServer().on('error', () => {
  writeFileSync(${JSON.stringify(refused)}, '');
  process.exit(1);
}).listen(${await freePort()}, '127.0.0.1');
`;
      const tree = await treeWith(0, { 'app-backend/src/main.ts': (text) => `${alwaysTakes}\n${text}` });
      const evidences = await byExercise(tree, [
        {
          id: 'first',
          scenario: scenario(async ({ note, until }) => {
            note('the other was refused', await until(() => existsSync(refused), 30_000));
          }),
        },
        {
          id: 'beside',
          scenario: scenario(
            async ({ api, note }) => {
              note('status', (await api.get('/health')).status);
            },
            { env: { A_PROCESS_OF_ITS_OWN: 'yes' } },
          ),
        },
      ]);
      assert.equal(evidences.get('first')?.facts['the other was refused'], true);
      assert.equal(evidences.get('beside')?.facts.status, 200);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
