/** What happened to a post, told to the worker. */
export interface OutboxMessage {
  type: 'post.published';
  payload: { postId: string; authorId: string };
}

export interface StoredOutboxMessage extends OutboxMessage {
  id: string;
  /** the trace that it comes from, as headers; null for a message from before there were any */
  context: Record<string, string> | null;
}
