import { Injectable } from '@nestjs/common';
import { Database } from '../database/database';
import { OutboxRepository } from '../outbox/outbox.repository';
import { POST_COLUMNS, Post, PostRow, toPost } from './post';

@Injectable()
export class PostsRepository {
  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxRepository,
  ) {}

  async findById(id: string): Promise<Post | undefined> {
    const rows = await this.database.query<PostRow>(
      `SELECT ${POST_COLUMNS} FROM posts p JOIN users u ON u.id = p.author_id WHERE p.id = $1`,
      [id],
    );
    return rows.map(toPost)[0];
  }

  async exists(id: string): Promise<boolean> {
    const rows = await this.database.query('SELECT 1 FROM posts WHERE id = $1', [id]);
    return rows.length > 0;
  }

  /** Which of these posts the user likes. */
  async findLikedIds(userId: string, postIds: string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ post_id: string }>(
      'SELECT post_id FROM likes WHERE user_id = $1 AND post_id = ANY($2::bigint[])',
      [userId, postIds],
    );
    return new Set(rows.map((row) => row.post_id));
  }

  /** The newest posts of each of these authors: the authors in the order given, each one's newest first. */
  async findNewestByEach(authorIds: string[], limit: number): Promise<Post[]> {
    const rows = await this.database.query<PostRow>(
      `SELECT ${POST_COLUMNS}
         FROM unnest($1::int[]) WITH ORDINALITY AS author (id, place)
        CROSS JOIN LATERAL (
              SELECT * FROM posts WHERE author_id = author.id ORDER BY created_at DESC LIMIT $2
            ) p
         JOIN users u ON u.id = p.author_id
        ORDER BY author.place, p.created_at DESC`,
      [authorIds, limit],
    );
    return rows.map(toPost);
  }

  /** Stores a post and, in the same transaction, the message that tells the followers about it. */
  async publish(authorId: string, text: string): Promise<Post> {
    return this.database.transaction(async (client) => {
      const { rows } = await client.query<PostRow>(
        `WITH p AS (INSERT INTO posts (author_id, text) VALUES ($1, $2) RETURNING *)
         SELECT ${POST_COLUMNS} FROM p JOIN users u ON u.id = p.author_id`,
        [authorId, text],
      );
      const post = toPost(rows[0]);
      await this.outbox.add(client, { type: 'post.published', payload: { postId: post.id, authorId } });
      return post;
    });
  }
}
