import { Injectable } from '@nestjs/common';
import { PoolClient } from 'pg';
import { Database } from '../database/database';
import { POST_COLUMNS, Post, PostRow, toPost } from '../posts/post';

/** Somebody whom the reader follows published a post. */
export interface Notification {
  id: string;
  createdAt: Date;
  post: Post;
}

interface NotificationRow extends PostRow {
  notification_id: string;
  notified_at: Date;
}

@Injectable()
export class NotificationsRepository {
  constructor(private readonly database: Database) {}

  async add(client: PoolClient, userId: string, postId: string): Promise<void> {
    await client.query('INSERT INTO notifications (user_id, post_id) VALUES ($1, $2)', [userId, postId]);
  }

  /** The user's newest notifications, newest first. */
  async findNewestFor(userId: string, limit: number): Promise<Notification[]> {
    const rows = await this.database.query<NotificationRow>(
      `SELECT n.id AS notification_id, n.created_at AS notified_at, ${POST_COLUMNS}
         FROM notifications n
         JOIN posts p ON p.id = n.post_id
         JOIN users u ON u.id = p.author_id
        WHERE n.user_id = $1
        ORDER BY n.id DESC
        LIMIT $2`,
      [userId, limit],
    );
    return rows.map((row) => ({ id: row.notification_id, createdAt: row.notified_at, post: toPost(row) }));
  }
}
