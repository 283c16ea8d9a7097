-- The trace that a message comes from, as headers. Null: the message is older than this column.
ALTER TABLE outbox ADD COLUMN context jsonb;
