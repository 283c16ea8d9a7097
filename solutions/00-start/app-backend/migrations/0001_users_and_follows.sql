CREATE TABLE users (
  id         integer PRIMARY KEY CHECK (id BETWEEN 1 AND 9999),
  name       text NOT NULL,
  handle     text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE follows (
  follower_id integer NOT NULL REFERENCES users (id),
  followee_id integer NOT NULL REFERENCES users (id),
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (follower_id, followee_id),
  CHECK (follower_id <> followee_id)
);
