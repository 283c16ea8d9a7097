import type { User } from '../session/user';

/** Word that somebody whom the reader follows has published. */
export interface Notification {
  readonly id: string;
  readonly postId: string;
  /** ISO 8601 */
  readonly createdAt: string;
  readonly author: User;
}
