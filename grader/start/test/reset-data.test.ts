import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WorkshopError } from '@workshop/base';
import { type DatabaseServer, startDatabaseServer } from '../../world/index.ts';
import { seedDatabase } from '../murmur-database.ts';
import { fillAnew, resetMurmurData } from '../reset-data.ts';

const NAME = 'murmur_reset_test';

let server: DatabaseServer;
before(async () => {
  server = await startDatabaseServer({ purpose: 'grader' });
  await server.createDatabase(NAME);
  await seedDatabase(server.url(NAME));
});
after(async () => {
  await server.dropDatabase(NAME);
  await server.stop();
});

test('the data are those of the first day, the newest post of now, and a migration of the learner stays', async () => {
  const client = await server.connect(NAME);
  const counts = async (): Promise<unknown> =>
    (
      await client.query(
        `SELECT (SELECT count(*)::int FROM users) AS users, (SELECT count(*)::int FROM posts) AS posts,
                (SELECT count(*)::int FROM likes) AS likes, (SELECT count(*)::int FROM outbox) AS outbox`,
      )
    ).rows[0];
  try {
    const first = await counts();
    await client.query('ALTER TABLE outbox ADD COLUMN carrier jsonb');
    await client.query(`UPDATE posts SET created_at = created_at - interval '9 days'`);
    await client.query('DELETE FROM likes WHERE post_id < 1000');
    await client.query(`INSERT INTO outbox (type, payload, carrier) VALUES ('x', '{}', '{}')`);
    assert.notDeepEqual(await counts(), first);
    await fillAnew(server.url(NAME));
    assert.deepEqual(await counts(), first);
    const { rows } = await client.query('SELECT now() - max(created_at) < $1::interval AS fresh FROM posts', [
      '5 minutes',
    ]);
    assert.equal(rows[0].fresh, true);
    await client.query('SELECT carrier FROM outbox');
  } finally {
    await client.end();
  }
});

test("a learner's own database is left alone", async () => {
  await assert.rejects(
    resetMurmurData({ DATABASE_URL: 'postgres://somewhere/else' }, () => {}),
    (error: Error) => error instanceof WorkshopError && /never empties/.test(error.message),
  );
});
