import type { Post } from '../posts/post';

/** Word that somebody whom the reader follows has published. */
export interface Notification {
  readonly id: string;
  /** ISO 8601 */
  readonly createdAt: string;
  readonly post: Post;
}
