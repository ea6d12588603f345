/*
 * Times are epoch milliseconds. One entry per version of the schema: append, never edit, since
 * `user_version` is the number of entries a database has already run.
 */
export const MIGRATIONS = [
  `
  CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE accounts (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    api_key TEXT NOT NULL UNIQUE,
    balance INTEGER NOT NULL CHECK (balance >= 0)
  ) STRICT;

  CREATE TABLE tasks (
    seq           INTEGER PRIMARY KEY,      -- the order of the queue
    id            TEXT NOT NULL UNIQUE,
    account_id    INTEGER NOT NULL REFERENCES accounts (id),
    demo          TEXT NOT NULL,
    listing       INTEGER NOT NULL,         -- highest first in the list of demo tasks
    status        TEXT NOT NULL DEFAULT 'PROCESSING'
                  CHECK (status IN ('PROCESSING', 'ENHANCING', 'PROCESSED', 'PROCESSING_FAILED')),
    paced         INTEGER NOT NULL CHECK (paced IN (0, 1)),
    price         INTEGER NOT NULL CHECK (price > 0),
    model         TEXT NOT NULL,
    scale         INTEGER NOT NULL CHECK (scale BETWEEN 1 AND 8),
    save_image_as TEXT NOT NULL CHECK (save_image_as IN ('png', 'jpg', 'webp')),
    compression   INTEGER NOT NULL CHECK (compression BETWEEN 0 AND 100),
    enhance_face  INTEGER NOT NULL CHECK (enhance_face IN (0, 1)),
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER,                  -- null until the end, unless the demo fixes it
    error         TEXT
  ) STRICT;

  CREATE INDEX tasks_unfinished ON tasks (seq) WHERE status IN ('PROCESSING', 'ENHANCING');

  CREATE TABLE files (
    id            TEXT PRIMARY KEY,
    task_id       TEXT NOT NULL REFERENCES tasks (id),
    position      INTEGER NOT NULL,
    original_name TEXT NOT NULL,
    picture       TEXT NOT NULL,            -- what to paint as the original; 'upload': nothing
    seed          INTEGER NOT NULL,
    width         INTEGER NOT NULL CHECK (width > 0),
    height        INTEGER NOT NULL CHECK (height > 0),
    damaged       INTEGER NOT NULL CHECK (damaged IN (0, 1)),
    strip_rows    INTEGER NOT NULL CHECK (strip_rows > 0),
    strips        INTEGER NOT NULL CHECK (strips > 0),
    strips_done   INTEGER NOT NULL DEFAULT 0 CHECK (strips_done BETWEEN 0 AND strips),
    source_size   INTEGER,
    result_size   INTEGER,                  -- set when the result lies on disk, complete
    result_width  INTEGER,
    result_height INTEGER,
    UNIQUE (task_id, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE ledger (
    id         INTEGER PRIMARY KEY,
    task_id    TEXT NOT NULL UNIQUE REFERENCES tasks (id),  -- a task is charged at most once
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    credits    INTEGER NOT NULL CHECK (credits > 0),
    at         INTEGER NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE recordings (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,  -- newest last; a number never comes back
    id      TEXT NOT NULL UNIQUE,
    says    TEXT NOT NULL,
    content TEXT NOT NULL                       -- the recording as JSON
  ) STRICT;
  `,
  `
  ALTER TABLE tasks ADD COLUMN idempotency_key TEXT;      -- null where no start of a client made the task
  ALTER TABLE tasks ADD COLUMN request_fingerprint TEXT;  -- what was asked for under that key
  CREATE INDEX tasks_by_idempotency_key ON tasks (account_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
  `,
  `
  ALTER TABLE tasks ADD COLUMN held INTEGER NOT NULL DEFAULT 0;  -- a demo that begins at its first check
  `,
  `
  CREATE TABLE uploads (
    seq           INTEGER PRIMARY KEY,      -- oldest first
    id            TEXT NOT NULL UNIQUE,
    account_id    INTEGER NOT NULL REFERENCES accounts (id),
    path          TEXT NOT NULL UNIQUE,
    original_name TEXT NOT NULL,
    file_size     INTEGER NOT NULL CHECK (file_size > 0),
    part_count    INTEGER NOT NULL CHECK (part_count > 0),
    expires_at    INTEGER NOT NULL,         -- of the part links, then of the whole file
    is_complete   INTEGER NOT NULL DEFAULT 0 CHECK (is_complete IN (0, 1))
  ) STRICT;

  CREATE TABLE upload_parts (
    upload_id   TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
    part_number INTEGER NOT NULL,
    etag        TEXT NOT NULL,
    PRIMARY KEY (upload_id, part_number)
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE files ADD COLUMN stored_name TEXT;  -- null where it follows from the ID
  `,
  `
  ALTER TABLE files ADD COLUMN error TEXT;    -- why there is no result
  ALTER TABLE tasks ADD COLUMN cost INTEGER;  -- set at the end: the price without the images that failed
  `,
] as const
