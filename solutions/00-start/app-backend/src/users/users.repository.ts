import { Injectable } from '@nestjs/common';
import { Database } from '../database/database';
import { formatUserId, User, UserWithFollowingCount } from './user';

interface UserRow {
  id: number;
  name: string;
  handle: string;
}

@Injectable()
export class UsersRepository {
  constructor(private readonly database: Database) {}

  /** Everybody, by name. */
  async findAll(): Promise<UserWithFollowingCount[]> {
    const rows = await this.database.query<UserRow & { following_count: number }>(
      `SELECT u.id, u.name, u.handle, count(f.followee_id)::int AS following_count
         FROM users u
         LEFT JOIN follows f ON f.follower_id = u.id
        GROUP BY u.id
        ORDER BY u.name`,
    );
    return rows.map((row) => ({ ...toUser(row), followingCount: row.following_count }));
  }

  async findById(id: string): Promise<User | undefined> {
    const rows = await this.database.query<UserRow>('SELECT id, name, handle FROM users WHERE id = $1', [id]);
    return rows.map(toUser)[0];
  }

  /** The ids of the people whom `userId` follows. */
  async findFollowedIds(userId: string): Promise<string[]> {
    const rows = await this.database.query<{ followee_id: number }>(
      'SELECT followee_id FROM follows WHERE follower_id = $1 ORDER BY followee_id',
      [userId],
    );
    return rows.map((row) => formatUserId(row.followee_id));
  }

  /** The ids of the people who follow `userId`. */
  async findFollowerIds(userId: string): Promise<string[]> {
    const rows = await this.database.query<{ follower_id: number }>(
      'SELECT follower_id FROM follows WHERE followee_id = $1 ORDER BY follower_id',
      [userId],
    );
    return rows.map((row) => formatUserId(row.follower_id));
  }
}

function toUser(row: UserRow): User {
  return { id: formatUserId(row.id), name: row.name, handle: row.handle };
}
