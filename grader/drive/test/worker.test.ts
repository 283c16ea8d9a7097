import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Evidence } from '../../evidence/index.ts';
import type { Tree } from '../../tree/index.ts';
import { stopSharedServer } from '../../world/index.ts';
import { driveOne, scenario } from '../index.ts';
import { treeWith } from './support/page-trees.ts';

after(stopSharedServer);

/** A span of somebody else's library. */
const STRANGER = {
  name: 'charge card',
  kind: 'CLIENT' as const,
  attributes: {},
  events: [],
  links: [],
  status: { code: 'UNSET' as const },
};

/** Somebody with followers publishes a post, and the worker is waited for. */
const published = scenario(
  async ({ api, people, outbox, database, library, note }) => {
    const [author] = await people.drawn(1);
    note('rung for nothing', await outbox.ringForNothing());
    const id = await api.publish('a post', { as: author });
    note('emptied', await outbox.emptied());
    note('rows', (await outbox.rowsOf([id])).length);
    note('old', (await outbox.leaveOld({ id, authorId: author.id })) as { id: string });
    note('emptied again', await outbox.emptied());
    const broken = await outbox.leaveBroken({ postId: id, authorId: 'nobody' });
    const waiting = await database.read('SELECT processed_at FROM outbox ORDER BY id DESC LIMIT 1');
    note('broken', { ...broken, waits: waiting.rows[0]?.processed_at === null });
    if ('id' in broken) await outbox.mend(broken.id, { postId: id, authorId: author.id });
    note('mended', await outbox.emptied());
    note('made in the worker', (await library.record('worker', [STRANGER])).length);
    const { rows } = await database.read(
      'SELECT count(*)::int AS told FROM notifications WHERE post_id = $1',
      [id],
    );
    note('told', rows[0]?.told as number);
  },
  { worker: true },
);

const driven = async (tree: Tree): Promise<Evidence> => driveOne({ tree, seed: 7 }, published);

describe('a scenario that asks for the worker', () => {
  test('has it as a process of its own, with a capture of its own', async () => {
    const evidence = await driven(
      await treeWith(1, {
        'app-backend/src/tracing.ts': (text) =>
          text.replace("'murmur-api'", 'process.env.A_NAME ?? process.argv[1]'),
        'app-backend/src/worker.ts': (text) => `import './tracing';\n${text}`,
      }),
    );
    assert.deepEqual(
      [evidence.drive.state, evidence.facts['rung for nothing'], evidence.facts.emptied, evidence.facts.rows],
      ['complete', true, true, 1],
    );
    assert.equal(evidence.facts['emptied again'], true);
    const failed = evidence.spans.filter(({ status }) => /invalid input syntax/.test(status.message ?? ''));
    assert.deepEqual([...new Set(failed.map(({ origin }) => origin.process))], ['worker']);
    assert.equal((evidence.facts.broken as { waits?: boolean }).waits, true);
    assert.deepEqual([evidence.facts.mended, evidence.facts['made in the worker']], [true, 1]);
    const strange = evidence.spans.find(({ name }) => name === STRANGER.name);
    assert.deepEqual([strange?.origin.process, strange?.origin.received], ['worker', true]);
    assert.ok(
      Number(evidence.facts.told) > 0 && Number(evidence.facts.told) % 3 === 0,
      `${evidence.facts.told}`,
    );
    const [api, worker] = evidence.processes;
    assert.deepEqual([api?.name, worker?.name, worker?.ended], ['api', 'worker', 'running']);
    assert.equal(worker?.capture?.process, 'worker');
    const inserts = evidence.spans.filter(({ attributes }) =>
      String(attributes['db.statement'] ?? attributes['db.query.text']).startsWith(
        'INSERT INTO notifications',
      ),
    );
    assert.equal(inserts.length, evidence.facts.told);
    for (const { origin, resource } of inserts) {
      assert.deepEqual([origin.process, origin.captured, origin.received], ['worker', true, true]);
      assert.match(String(resource['service.name']), /worker\.ts$/);
    }
    const served = evidence.spans.filter(({ kind }) => kind === 'SERVER');
    assert.deepEqual([...new Set(served.map(({ origin }) => origin.process))], ['api']);
  });

  test('is not waited for when the worker does not start, and tells of it', async () => {
    const evidence = await driven(
      await treeWith(0, { 'app-backend/src/worker.ts': () => "throw new Error('no worker today');" }),
    );
    assert.deepEqual([evidence.drive.state, evidence.facts.emptied], ['complete', false]);
    const worker = evidence.processes.find(({ name }) => name === 'worker');
    assert.deepEqual([worker?.readyAfterMs, worker?.ended, worker?.exit?.code], [null, 'exited', 1]);
    // Each of three waits would take 30 s.
    assert.ok(evidence.driveMs < 25_000, `it took ${evidence.driveMs} ms`);
  });

  test('tells of a worker that ends in the run', async () => {
    const evidence = await driven(
      await treeWith(0, {
        'app-backend/src/notifications/fan-out.ts': (text) =>
          text.replace('for (const', 'process.exit(4);\n    for (const'),
      }),
    );
    assert.equal(evidence.facts.emptied, false);
    const [end] = evidence.ends ?? [];
    assert.deepEqual([end?.process, end?.code], ['worker', 4]);
  });
});
