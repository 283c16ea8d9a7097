import { Client } from 'pg';
import { readDatabaseUrl } from '../config/app-config';
import { applyMigrations } from './migrations';
import { Population, populate } from './seed/population';

/** How many of the newest posts the followers have been told about. */
const NOTIFIED_POSTS = 40;

/**
 * Fills an empty Murmur with 200 people, 5,000 posts and 10,000 follows, always the same ones. The newest post is of
 * this moment.
 *
 * @returns false, and changes nothing, when there are users already
 */
export async function seedDatabase(databaseUrl: string): Promise<boolean> {
  await applyMigrations(databaseUrl);
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE');
    const { rows } = await client.query('SELECT 1 FROM users LIMIT 1');
    if (rows.length > 0) {
      await client.query('ROLLBACK');
      return false;
    }
    await insert(client, populate(Date.now()));
    await client.query('COMMIT');
    await client.query('ANALYZE');
    return true;
  } finally {
    await client.end();
  }
}

async function insert(client: Client, { users, posts, follows, likes }: Population): Promise<void> {
  await client.query(
    'INSERT INTO users (id, name, handle) SELECT * FROM unnest($1::int[], $2::text[], $3::text[])',
    [users.map((user) => user.id), users.map((user) => user.name), users.map((user) => user.handle)],
  );
  await client.query(
    `INSERT INTO posts (id, author_id, text, created_at)
     SELECT * FROM unnest($1::bigint[], $2::int[], $3::text[], $4::timestamptz[])`,
    [
      posts.map((post) => post.id),
      posts.map((post) => post.authorId),
      posts.map((post) => post.text),
      posts.map((post) => post.createdAt),
    ],
  );
  await client.query(
    'INSERT INTO follows (follower_id, followee_id) SELECT * FROM unnest($1::int[], $2::int[])',
    [follows.map((follow) => follow.followerId), follows.map((follow) => follow.followeeId)],
  );
  await client.query('INSERT INTO likes (post_id, user_id) SELECT * FROM unnest($1::bigint[], $2::int[])', [
    likes.map((like) => like.postId),
    likes.map((like) => like.userId),
  ]);
  await client.query(
    `INSERT INTO notifications (user_id, post_id, created_at)
     SELECT f.follower_id, p.id, p.created_at
       FROM (SELECT * FROM posts ORDER BY id DESC LIMIT $1) p
       JOIN follows f ON f.followee_id = p.author_id
      ORDER BY p.id, f.follower_id`,
    [NOTIFIED_POSTS],
  );
  await client.query("SELECT setval(pg_get_serial_sequence('posts', 'id'), (SELECT max(id) FROM posts))");
}

/** `npm run seed` */
async function main(): Promise<void> {
  const seeded = await seedDatabase(readDatabaseUrl(process.env));
  console.log(seeded ? 'Murmur has 200 people now.' : 'There are users already, so nothing was changed.');
}

if (require.main === module) {
  main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
