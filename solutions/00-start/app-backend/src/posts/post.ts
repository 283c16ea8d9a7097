import { formatUserId, User } from '../users/user';

export interface Post {
  id: string;
  text: string;
  createdAt: Date;
  author: User;
  likeCount: number;
}

/** A post as one user sees it. */
export interface PostView extends Post {
  likedByMe: boolean;
}

export interface PostRow {
  id: string;
  text: string;
  created_at: Date;
  author_id: number;
  author_name: string;
  author_handle: string;
  like_count: number;
}

/** The columns of a PostRow, for a query over `posts p JOIN users u`. */
export const POST_COLUMNS = `
  p.id, p.text, p.created_at, p.author_id, u.name AS author_name, u.handle AS author_handle,
  (SELECT count(*)::int FROM likes l WHERE l.post_id = p.id) AS like_count`;

export function toPost(row: PostRow): Post {
  return {
    id: row.id,
    text: row.text,
    createdAt: row.created_at,
    author: { id: formatUserId(row.author_id), name: row.author_name, handle: row.author_handle },
    likeCount: row.like_count,
  };
}
