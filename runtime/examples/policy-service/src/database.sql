BEGIN;

CREATE TABLE users (
  name TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  quota INTEGER NOT NULL
);

CREATE TABLE uses (
  user TEXT NOT NULL REFERENCES users (name),
  action TEXT NOT NULL,
  resource TEXT NOT NULL
);

CREATE INDEX uses_of_user ON uses (user, action);

INSERT INTO users VALUES ('ana', 'admin', 1000), ('bo', 'editor', 40), ('cy', 'viewer', 0);

-- Bo has done nearly as much as he may, Ana some of it.
INSERT INTO uses
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 39)
  SELECT 'bo', 'upload', 'film-' || i FROM n;
INSERT INTO uses
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
  SELECT 'ana', 'upload', 'book-' || i FROM n;

COMMIT;
