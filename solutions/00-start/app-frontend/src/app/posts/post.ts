import type { User } from '../session/user';

/** A post, as the API shows it to the person who asks. */
export interface Post {
  readonly id: string;
  readonly text: string;
  /** ISO 8601 */
  readonly createdAt: string;
  readonly author: User;
  readonly likeCount: number;
  readonly likedByMe: boolean;
}
