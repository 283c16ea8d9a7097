import { Injectable } from '@nestjs/common';
import { PoolClient } from 'pg';
import { UsersRepository } from '../users/users.repository';
import { NotificationsRepository } from './notifications.repository';

/** Tells everybody who follows an author about a new post. */
@Injectable()
export class FanOut {
  constructor(
    private readonly users: UsersRepository,
    private readonly notifications: NotificationsRepository,
  ) {}

  async notifyFollowers(client: PoolClient, authorId: string, postId: string): Promise<void> {
    for (const followerId of await this.users.findFollowerIds(authorId)) {
      await this.notifications.add(client, followerId, postId);
    }
  }
}
