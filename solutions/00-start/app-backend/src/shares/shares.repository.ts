import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database';

/** Keeps only a hash of each token: who reads the table cannot open the links. */
@Injectable()
export class SharesRepository {
  constructor(private readonly database: Database) {}

  async add(postId: string, userId: string, token: string): Promise<void> {
    await this.database.query('INSERT INTO shares (post_id, created_by, token_hash) VALUES ($1, $2, $3)', [
      postId,
      userId,
      hash(token),
    ]);
  }

  /** Whether this token opens this post. */
  async opens(postId: string, token: string): Promise<boolean> {
    const rows = await this.database.query('SELECT 1 FROM shares WHERE post_id = $1 AND token_hash = $2', [
      postId,
      hash(token),
    ]);
    return rows.length > 0;
  }
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
