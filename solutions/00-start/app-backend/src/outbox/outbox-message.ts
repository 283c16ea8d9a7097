/** What happened to a post, told to the worker. */
export interface OutboxMessage {
  type: 'post.published';
  payload: { postId: string; authorId: string };
}

export interface StoredOutboxMessage extends OutboxMessage {
  id: string;
}
