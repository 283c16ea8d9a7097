import { Injectable } from '@nestjs/common';
import { Database } from '../database/database';

@Injectable()
export class LikesRepository {
  constructor(private readonly database: Database) {}

  async add(postId: string, userId: string): Promise<void> {
    await this.database.query('INSERT INTO likes (post_id, user_id) VALUES ($1, $2)', [postId, userId]);
  }

  async countFor(postId: string): Promise<number> {
    const rows = await this.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM likes WHERE post_id = $1',
      [postId],
    );
    return rows[0].count;
  }
}
