-- Tells whoever listens that messages wait, when the transaction that wrote them commits.
CREATE FUNCTION ring_outbox_bell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('outbox', '');
  RETURN NULL;
END
$$;

CREATE TRIGGER outbox_bell AFTER INSERT ON outbox
  FOR EACH STATEMENT EXECUTE FUNCTION ring_outbox_bell();
